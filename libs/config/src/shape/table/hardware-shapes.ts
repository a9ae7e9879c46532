import type { ShapeTable } from '../shape-table.ts';

/** Documents about hardware, and what they contain; notation in shape-table.ts. */
export const HARDWARE_SHAPES: ShapeTable = {
  PCIDriverRebindConfig: 'name:str! targetDriver:str',
};
