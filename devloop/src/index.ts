export { type Config, defineConfig, type Image, type Port, type Release, type Service } from './config/define.ts';
