export {
  type Config,
  defineConfig,
  type Image,
  type LiveBundle,
  type LiveRun,
  type LiveSync,
  type LiveUpdate,
  type Port,
  type Release,
  type Service,
  type Ui,
} from './config/define.ts';
