# Certificates and kubeconfigs, made once. Needs: $state $pki $gateway

make_pki() {
  [[ -f $pki/done ]] && return 0
  mkdir -p "$pki" "$state/docker-certs"
  (
    cd "$pki"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 3650 -subj /CN=minikubeCA 2>/dev/null
    openssl genrsa -out sa.key 2048 2>/dev/null
    openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null
    local here_names="DNS:localhost,IP:127.0.0.1"
    certificate apiserver /CN=kube-apiserver \
      "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,$here_names,IP:10.96.0.1" serverAuth
    certificate admin /O=system:masters/CN=minikube-user DNS:admin clientAuth
    certificate kubelet /O=system:nodes/CN=system:node:minikube "DNS:minikube,$here_names,IP:$gateway" serverAuth,clientAuth
    certificate docker-server /CN=docker "$here_names" serverAuth
    certificate docker-client /CN=docker-client DNS:client clientAuth
    kubeconfig admin
    kubeconfig kubelet
    # the names that the docker client looks for in DOCKER_CERT_PATH
    cp ca.pem "$state/docker-certs/ca.pem"
    cp docker-client.crt "$state/docker-certs/cert.pem"
    cp docker-client.key "$state/docker-certs/key.pem"
    touch done
  )
}

certificate() { # file subject names usage
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
  printf 'subjectAltName=%s\nextendedKeyUsage=%s\n' "$3" "$4" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -out "$1.crt" -days 3650 -extfile "$1.ext" 2>/dev/null
}

kubeconfig() { # user
  cat >"$1.kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: minikube, cluster: {server: "https://127.0.0.1:8443", certificate-authority: $pki/ca.pem}}]
users: [{name: minikube, user: {client-certificate: $pki/$1.crt, client-key: $pki/$1.key}}]
contexts: [{name: minikube, context: {cluster: minikube, user: minikube, namespace: default}}]
current-context: minikube
YAML
}
