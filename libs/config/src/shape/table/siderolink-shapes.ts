import type { ShapeTable } from '../shape-table.ts';

/** Documents about siderolink, and what they contain; notation in shape-table.ts. */
export const SIDEROLINK_SHAPES: ShapeTable = {
  SideroLinkConfig: 'apiUrl:url! uniqueToken:str',
};
