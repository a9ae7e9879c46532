import type { ShapeTable } from '../shape-table.ts';

/** Documents about extension, and what they contain; notation in shape-table.ts. */
export const EXTENSION_SHAPES: ShapeTable = {
  ExtensionServiceConfig: 'name:str! configFiles:ConfigFile[] environment:str[]',
  ConfigFile: 'content:str mountPath:str',
};
