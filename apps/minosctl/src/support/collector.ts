/** One file of a bundle, and where its bytes come from. */
export interface Collector {
  /** Path below the folder of the node. */
  readonly name: string;
  /** The bytes, as they come; throws a Fault when they cannot be had. */
  collect(): AsyncIterable<Uint8Array>;
}

/** Makes a collector of a text that one call gives. */
export function textCollector(name: string, text: () => Promise<string>): Collector {
  return {
    name,
    collect: async function* () {
      yield Buffer.from(await text());
    },
  };
}

/** Makes a collector of a stream of messages with bytes. */
export function streamCollector(name: string, open: () => AsyncIterable<{ readonly bytes: Buffer }>): Collector {
  return {
    name,
    collect: async function* () {
      for await (const { bytes } of open()) yield bytes;
    },
  };
}

/** What a node calls a thing, as part of the name of a file: nothing in it leads elsewhere; pure. */
export function fileName(id: string): string {
  return id.replaceAll(/[^\w.:@-]/g, '_').replace(/^\.+/, '_');
}
