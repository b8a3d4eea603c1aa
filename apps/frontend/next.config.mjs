import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

// npm workspaces keep the packages in the repository's root, wherever below it the sources or a copy of them are.
let repository = import.meta.dirname;
while (!existsSync(join(repository, 'node_modules/next'))) repository = dirname(repository);

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
  // No image is optimised here, so sharp's native libraries would be dead weight in the production image.
  images: { unoptimized: true },
  outputFileTracingExcludes: { '/*': ['node_modules/@img/**', 'node_modules/sharp/**'] },
  poweredByHeader: false,
  // In dev, the kubelet asks these once a second: their lines would bury all others.
  logging: { incomingRequests: { ignore: [/^\/health$/, /^\/ready$/] } },
  // In dev, Next answers only its own host name unless told more: a forwarded port and a NodePort are reached by address.
  allowedDevOrigins: ['127.0.0.1', '10.*.*.*', '172.*.*.*', '192.168.*.*'],
  // `npm run typecheck` in the root is the type check; a second one would only make each image build slower.
  typescript: { ignoreBuildErrors: true },
};
