export type { PrintColumn, ResourceType, YamlValue } from './resource-type.ts';
export type {
  Phase,
  Resource,
  ResourceMetadata,
  State,
  StateReader,
  StateWriter,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './state.ts';
