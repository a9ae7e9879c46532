/** What may stand in the YAML form of a spec. */
export type YamlValue = string | number | bigint | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** A column of `get` beside the usual ones. */
export interface PrintColumn {
  readonly name: string;
  /** Such as `{.linkName}`. */
  readonly jsonPath: string;
}

/** Everything about one type of resource. */
export interface ResourceType<S> {
  /** Full name, such as `LinkStatuses.net.talos.dev`. */
  readonly type: string;
  /** Singular, such as `LinkStatus`. */
  readonly displayType: string;
  readonly defaultNamespace: string;
  /** Short names beside those that follow from the type. */
  readonly aliases: readonly string[];
  readonly printColumns: readonly PrintColumn[];
  /** Only os:admin may read it. */
  readonly isSensitive: boolean;
  readonly codec: { encode(spec: S): { finish(): Uint8Array }; decode(bytes: Uint8Array): S; fromPartial(partial: object): S };
  /** The spec as `get -o yaml` shows it, with the field names of the compatible system. */
  toYaml(spec: S): YamlValue;
}
