import type { ShapeTable } from '../shape-table.ts';

/** Documents about security, and what they contain; notation in shape-table.ts. */
export const SECURITY_SHAPES: ShapeTable = {
  ImageVerificationConfig: 'rules:ImageVerificationRule[]',
  ImageVerificationRule: 'image:str skip:bool deny:bool keyless:ImageKeylessVerifier publicKey:ImagePublicKeyVerifier',
  ImageKeylessVerifier: 'issuer:str subject:str subjectRegex:str',
  ImagePublicKeyVerifier: 'certificate:str',
  TrustedRootsConfig: 'name:str! certificates:str!',
};
