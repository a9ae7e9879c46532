/** How one message goes to bytes and back; the shape that ts-proto generates. */
export interface MessageCodec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(input: Uint8Array): T;
}

/** One method of a generated service definition. */
export interface MethodDefinition {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a codec is invariant in its message; the typed maps below recover the type.
  readonly requestType: MessageCodec<any>;
  readonly requestStream: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly responseType: MessageCodec<any>;
  readonly responseStream: boolean;
}

/** A generated, library-neutral service definition. */
export interface ServiceDefinition {
  readonly name: string;
  readonly fullName: string;
  readonly methods: { readonly [key: string]: MethodDefinition };
}

/** The message that a method takes. */
export type RequestOf<M extends MethodDefinition> = M['requestType'] extends { decode(input: never): infer T } ? T : never;

/** The message that a method answers. */
export type ResponseOf<M extends MethodDefinition> = M['responseType'] extends { decode(input: never): infer T } ? T : never;

/** The methods of a service by the names they have in proto/. */
export type MethodsByName<D extends ServiceDefinition> = {
  [K in keyof D['methods'] as D['methods'][K]['name']]: D['methods'][K];
};

/** The full path of a method on the wire, such as `/machine.MachineService/Version`. */
export function methodPath(service: ServiceDefinition, method: MethodDefinition): string {
  return `/${service.fullName}/${method.name}`;
}
