# The parts of the cluster and how each is started. Needs: $here $state $pki $sock $bin $gateway $service_cidr

start_part() { # name
  "start_$1"
}

# What a running cluster needs of this folder has to outlive it: a clone may be deleted.
keep() { # file
  install -m 755 "$here/$1" "$bin/$1"
}

start_dockerd() {
  # what a killed dockerd left behind keeps the next one from starting
  alive dockerd || rm -f "$state/docker.pid" "$state/docker-exec/containerd/containerd.pid" "$sock"
  keep runc-noresource
  spawn dockerd dockerd --data-root "$state/docker" --exec-root "$state/docker-exec" --pidfile "$state/docker.pid" \
    -H "unix://$sock" -H tcp://127.0.0.1:2376 \
    --tlsverify --tlscacert "$pki/ca.pem" --tlscert "$pki/docker-server.crt" --tlskey "$pki/docker-server.key" \
    --exec-opt native.cgroupdriver=cgroupfs --bip "$gateway/16" \
    --add-runtime "capless=$bin/runc-noresource" --default-runtime capless
  until_ok dockerd docker -H "unix://$sock" version
  refuse_unknown_services
}

# Until kube-proxy has rules for a Service, packets to its address would leave by this machine's default route, and a
# gateway there may well answer them: a client with keep-alive would then talk to that gateway for good.
refuse_unknown_services() {
  iptables -C DOCKER-USER -d $service_cidr -j REJECT 2>/dev/null || iptables -I DOCKER-USER -d $service_cidr -j REJECT
  iptables -C OUTPUT -d $service_cidr -j REJECT 2>/dev/null || iptables -A OUTPUT -d $service_cidr -j REJECT
}

forget_unknown_services() {
  iptables -D DOCKER-USER -d $service_cidr -j REJECT 2>/dev/null || true
  iptables -D OUTPUT -d $service_cidr -j REJECT 2>/dev/null || true
}

start_etcd() {
  local clients=http://127.0.0.1:2379
  spawn etcd etcd --data-dir "$state/etcd" --listen-client-urls $clients --advertise-client-urls $clients \
    --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync
  until_ok etcd curl -fs $clients/health
}

start_apiserver() {
  spawn apiserver "$bin/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
    --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port=8443 \
    --service-cluster-ip-range=$service_cidr --service-node-port-range=30000-32767 --endpoint-reconciler-type=none \
    --allow-privileged=true --authorization-mode=Node,RBAC \
    --client-ca-file="$pki/ca.pem" --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
    --kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key" \
    --kubelet-preferred-address-types=InternalIP,Hostname \
    --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc
  until_ok apiserver kubectl get --raw /readyz
}

start_kcm() {
  spawn kcm "$bin/kube-controller-manager" --kubeconfig="$pki/admin.kubeconfig" --leader-elect=false \
    --use-service-account-credentials=false --service-account-private-key-file="$pki/sa.key" \
    --root-ca-file="$pki/ca.pem" --cluster-signing-cert-file="$pki/ca.pem" --cluster-signing-key-file="$pki/ca.key"
}

start_scheduler() {
  spawn scheduler "$bin/kube-scheduler" --kubeconfig="$pki/admin.kubeconfig" --leader-elect=false
}

start_kubelet() {
  cat >"$state/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
cgroupDriver: cgroupfs
clusterDNS: [$gateway]
clusterDomain: cluster.local
failSwapOn: false
resolvConf: $state/resolv.conf
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.pem}}
authorization: {mode: Webhook}
tlsCertFile: $pki/kubelet.crt
tlsPrivateKeyFile: $pki/kubelet.key
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
# The defaults of kubelets since 1.27; this one's 5 and 10 a second hold back what it says of its pods.
kubeAPIQPS: 50
kubeAPIBurst: 100
eventRecordQPS: 50
eventBurst: 100
# How soon an ended pod is let go of; newer kubelets do it at once.
syncFrequency: 5s
YAML
  : >"$state/resolv.conf"
  spawn kubelet "$bin/kubelet" --config="$state/kubelet.yaml" --kubeconfig="$pki/kubelet.kubeconfig" --cert-dir="$pki" \
    --root-dir="$state/kubelet" --hostname-override=minikube --node-ip="$gateway" \
    --container-runtime=docker --docker-endpoint="unix://$sock" --pod-infra-container-image=devloop-cluster/pause:1
}

start_proxy() {
  spawn proxy "$bin/kube-proxy" --kubeconfig="$pki/admin.kubeconfig" --hostname-override=minikube \
    --cluster-cidr=172.17.0.0/16 --proxy-mode=iptables
}

start_addons() {
  keep addons.mjs
  spawn addons node "$bin/addons.mjs" "$pki" "$gateway" "$state/volumes"
}

node_is_ready() { kubectl get node minikube | grep -q ' Ready'; }
