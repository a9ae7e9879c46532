/** A package in a bill of materials. */
export interface SbomPart {
  readonly name: string;
  readonly version: string;
  /** `Organization: …`, or NOASSERTION. */
  readonly supplier: string;
  /** An SPDX expression, or NOASSERTION. */
  readonly license: string;
  /** What is known of the licence besides. */
  readonly comment: string | undefined;
  readonly checksums: readonly { readonly algorithm: 'SHA256' | 'SHA512'; readonly value: string }[];
  /** https://github.com/package-url/purl-spec; also what makes its identifier unique. */
  readonly purl: string | undefined;
}
