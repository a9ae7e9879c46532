import { Metadata } from '@grpc/grpc-js';

/** Headers to send: one value or several for each lower-case name. */
export type OutgoingMetadata = Readonly<Record<string, string | readonly string[]>>;

/** Headers of a call as they came, by lower-case name. */
export interface CallMetadata {
  /** Every value under a name. Values that a library joined are split at commas and trimmed; empty ones are kept out. */
  all(name: string): readonly string[];
  /** The first value under a name. */
  first(name: string): string | undefined;
}

/** Wraps the metadata of grpc-js. */
export function fromGrpcMetadata(metadata: Metadata): CallMetadata {
  const all = (name: string): readonly string[] =>
    metadata
      .get(name)
      .flatMap((value) => (typeof value === 'string' ? value.split(',') : []))
      .map((value) => value.trim())
      .filter((value) => value !== '');
  return { all, first: (name) => all(name)[0] };
}

/** Makes the metadata of grpc-js. */
export function toGrpcMetadata(headers: OutgoingMetadata): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) {
    for (const one of typeof value === 'string' ? [value] : value) metadata.add(name, one);
  }
  return metadata;
}
