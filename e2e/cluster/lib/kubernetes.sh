# Kubernetes from Debian's source package. Needs: $home $bin $kubernetes_version

kubernetes_binaries=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy)
# What the binaries are made of; another one here has them compiled anew.
kubernetes_build="$kubernetes_version with reflect2 of Debian"

have_kubernetes() {
  [[ $(cat "$bin/kubernetes-build" 2>/dev/null) == "$kubernetes_build" ]]
}

build_kubernetes() {
  have_kubernetes && return 0
  say "compiling Kubernetes $kubernetes_version from Debian's source package (once, about 6 minutes)"
  local work=$home/src
  rm -rf "$work"
  mkdir -p "$work/out" "$bin"
  fetch_source "$work"
  (compile "$work/gopath/src/k8s.io/kubernetes" "$work")
  # what runs is of an older build
  local name
  for name in proxy kubelet scheduler kcm apiserver; do halt "$name"; done
  for name in "${kubernetes_binaries[@]}"; do mv "$work/out/$name" "$bin/$name"; done
  echo "$kubernetes_build" >"$bin/kubernetes-build"
  rm -rf "$work"
}

fetch_source() { # folder
  mkdir -p "$1/gopath/src/k8s.io" "$1/apt/lists/partial"
  echo "deb-src $(archive) bookworm main" >"$1/apt/sources.list"
  local options=(-o Dir::Etc::sourcelist="$1/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::lists="$1/apt/lists" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update -qq >/dev/null
  (
    cd "$1"
    apt-get "${options[@]}" source -qq --download-only kubernetes >/dev/null
    tar xzf kubernetes_*orig.tar.gz
    mv "kubernetes-$kubernetes_version" gopath/src/k8s.io/kubernetes
    cd gopath/src/k8s.io/kubernetes
    tar xJf "$1"/kubernetes_*.debian.tar.xz
    local change
    while read -r change; do patch -p1 -s <"debian/patches/$change"; done <debian/patches/series
  )
  replace_reflect2 "$1"
}

# The reflect2 1.0.1 that this Kubernetes carries walks maps in a way that corrupts memory since Go 1.18: the API
# server panics after a while. Debian has 1.0.2: https://github.com/modern-go/reflect2/releases/tag/v1.0.2
replace_reflect2() { # folder
  local package=golang-github-modern-go-reflect2-dev import=github.com/modern-go/reflect2
  (
    cd "$1"
    apt-get update -qq >/dev/null
    apt-get -o APT::Sandbox::User=root download -qq $package >/dev/null
    dpkg-deb -x ${package}_*.deb reflect2
    rm -rf "gopath/src/k8s.io/kubernetes/vendor/$import"
    cp -r "reflect2/usr/share/gocode/src/$import" "gopath/src/k8s.io/kubernetes/vendor/$import"
  )
}

compile() { # source folder, work folder
  cd "$1"
  unset GO111MODULE
  export GOPATH=$2/gopath GOCACHE=$2/gocache GOFLAGS= CGO_ENABLED=0 GOTOOLCHAIN=local
  if ! make generated_files >"$home/build.log" 2>&1; then
    tail -20 "$home/build.log" >&2
    exit 1
  fi
  export GO111MODULE=off
  local name package=k8s.io/kubernetes/vendor/k8s.io/component-base/version
  local stamp="-X $package.gitVersion=v$kubernetes_version -X $package.gitMajor=1 -X $package.gitMinor=20 -X $package.gitTreeState=clean"
  for name in "${kubernetes_binaries[@]}"; do
    say "  $name"
    go build -ldflags "-s -w $stamp" -o "$2/out/$name" "k8s.io/kubernetes/cmd/$name"
  done
}
