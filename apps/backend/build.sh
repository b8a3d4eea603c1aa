#!/bin/sh
# Bundles the server into one file. A shell script around esbuild's own binary, since a build script in JavaScript and
# npm each cost more time than the bundling. hapi and joi are CommonJS and call require() for Node's own modules, which
# an ES module has to make for itself: hence the banner.
set -eu
cd "$(dirname "$0")"
exec ../../node_modules/.bin/esbuild src/server.ts --outfile=dist/server.js --bundle \
  --format=esm --platform=node --target=node22 --sourcemap --sources-content=false --log-level=warning \
  --banner:js='import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
