/** The ASN.1 part of node-forge, typed for itself: the package's own types pull in, and promise, all of it. */
declare module 'node-forge/lib/asn1.js' {
  export interface Asn1Node {
    readonly tagClass: number;
    readonly type: number;
    readonly constructed: boolean;
    readonly value: string | Asn1Node[];
  }

  interface ByteBuffer {
    getBytes(): string;
  }

  interface FromDerOptions {
    readonly strict?: boolean;
    readonly parseAllBytes?: boolean;
    readonly decodeBitStrings?: boolean;
  }

  const asn1: {
    create(tagClass: number, type: number, constructed: boolean, value: string | readonly Asn1Node[]): Asn1Node;
    fromDer(bytes: string, options?: FromDerOptions): Asn1Node;
    toDer(node: Asn1Node): ByteBuffer;
    oidToDer(oid: string): ByteBuffer;
    derToOid(bytes: string): string;
  };
  // biome-ignore lint/style/noDefaultExport: the package is CommonJS, so this is how it is imported
  export default asn1;
}
