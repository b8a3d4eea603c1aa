// The two add-ons that Minikube starts and this cluster lacks: cluster DNS and the default storage class.
// usage: node addons.mjs PKI_DIR NODE_ADDRESS VOLUME_DIR
import { createSocket } from 'node:dgram';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';

const [pki, address, volumes] = process.argv.slice(2);
const agent = new https.Agent({
  keepAlive: true,
  ca: readFileSync(path.join(pki, 'ca.pem')),
  cert: readFileSync(path.join(pki, 'admin.crt')),
  key: readFileSync(path.join(pki, 'admin.key')),
});

function api(method, url, body) {
  const headers = { 'content-type': 'application/json' };
  const options = { host: '127.0.0.1', port: 8443, path: url, method, agent, headers, timeout: 5000 };
  return new Promise((resolve, reject) => {
    const request = https.request(options, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode < 300) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${url}: ${response.statusCode} ${text.slice(0, 200)}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

// Cluster DNS: SERVICE.NAMESPACE.svc.cluster.local answers with the service's address, or with the
// ready pods' addresses for a headless one; every other name goes to this machine's own resolver.
let services = [];
const upstream = /^nameserver\s+(\S+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1];

async function addressesOf(namespace, name) {
  const service = services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  if (!service) return undefined;
  if (service.spec.clusterIP !== 'None') return [service.spec.clusterIP];
  const endpoints = await api('GET', `/api/v1/namespaces/${namespace}/endpoints/${name}`).catch(() => ({}));
  return (endpoints.subsets ?? []).flatMap((subset) => (subset.addresses ?? []).map(({ ip }) => ip));
}

/** The name that a DNS packet has at this offset, and where it ends. */
function readName(packet, offset) {
  const labels = [];
  let at = offset;
  while (packet[at]) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + packet[at]));
    at += packet[at] + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

const server = createSocket('udp4');

function relay(query, from) {
  const socket = createSocket('udp4');
  const deadline = setTimeout(() => socket.close(), 5000);
  socket.on('message', (answer) => {
    clearTimeout(deadline);
    socket.close();
    server.send(answer, from.port, from.address);
  });
  socket.on('error', () => {});
  socket.send(query, 53, upstream);
}

const typeA = 1;
const answered = 0x8580;
const noSuchName = 0x8583;

server.on('message', async (query, from) => {
  const { name, end } = readName(query, 12);
  if (!name.endsWith('.cluster.local')) return relay(query, from);
  const [service, namespace, kind] = name.split('.');
  const found = kind === 'svc' ? await addressesOf(namespace, service) : undefined;
  const answers = query.readUInt16BE(end) === typeA && found ? found : [];
  const header = Buffer.from(query.subarray(0, end + 4));
  header.writeUInt16BE(found ? answered : noSuchName, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt32BE(0, 8);
  // A pointer to the name in the question, type A, class IN, two seconds to live, four bytes of address.
  const records = answers.map((ip) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 2, 0, 4, ...ip.split('.').map(Number)]),
  );
  server.send(Buffer.concat([header, ...records]), from.port, from.address);
});
server.bind(53, address);

// The storage class `standard`: each claim gets a folder of this machine, and loses it with the claim.
async function provision() {
  const claims = (await api('GET', '/api/v1/persistentvolumeclaims')).items;
  const existing = (await api('GET', '/api/v1/persistentvolumes')).items;
  const names = new Set(existing.map(({ metadata }) => metadata.name));
  for (const claim of claims) {
    const volume = `pvc-${claim.metadata.uid}`;
    if (!claim.spec.volumeName && claim.spec.storageClassName === 'standard' && !names.has(volume)) {
      await makeVolume(volume, claim);
    }
  }
  for (const volume of existing) {
    if (volume.status.phase !== 'Released') continue;
    await api('DELETE', `/api/v1/persistentvolumes/${volume.metadata.name}`);
    rmSync(volume.spec.hostPath.path, { recursive: true, force: true });
  }
}

async function makeVolume(name, claim) {
  const folder = path.join(volumes, name);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  const { namespace, uid } = claim.metadata;
  await api('POST', '/api/v1/persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      storageClassName: 'standard',
      // this program deletes the volume with its folder
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: folder },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claim.metadata.name, namespace, uid },
    },
  });
}

async function storageClass() {
  const url = '/apis/storage.k8s.io/v1/storageclasses';
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  const wanted = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations },
    provisioner: 'k8s.io/minikube-hostpath',
    volumeBindingMode: 'Immediate',
    reclaimPolicy: 'Delete',
  };
  await api('GET', `${url}/standard`).catch(() => api('POST', url, wanted));
}

let classIsThere = false;
for (;;) {
  try {
    if (!classIsThere) await storageClass();
    classIsThere = true;
    services = (await api('GET', '/api/v1/services')).items;
    await provision();
  } catch (error) {
    console.error(new Date().toISOString(), error.message);
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}
