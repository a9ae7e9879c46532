import type { ShapeTable } from '../shape-table.ts';

/** Documents about registry, and what they contain; notation in shape-table.ts. */
export const REGISTRY_SHAPES: ShapeTable = {
  CRIBaseRuntimeSpecConfig: 'overrides:any~',
  CRICustomizationConfig: 'name:str! content:str',
  ImageCacheConfig: 'local:LocalImageCacheConfig',
  LocalImageCacheConfig: 'enabled:bool',
  RegistryAuthConfig: 'name:str! username:str password:str auth:str identityToken:str',
  RegistryMirrorConfig: 'name:str! endpoints:RegistryEndpoint[] skipFallback:bool',
  RegistryEndpoint: 'url:url overridePath:bool',
  RegistryTLSConfig: 'name:str! clientIdentity:PemTexts ca:str insecureSkipVerify:bool',
};
