import type { ShapeTable } from '../shape-table.ts';

/** Documents about cluster, and what they contain; notation in shape-table.ts. */
export const CLUSTER_SHAPES: ShapeTable = {
  DiscoveryIdentityConfig: 'clusterID:str! clusterSecret:str!',
  DiscoveryServiceConfig: 'name:str! endpoint:url!',
};
