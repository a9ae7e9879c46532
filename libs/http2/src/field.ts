/**
 * One header field; immutable, its strings hold one byte per character. `isNeverIndexed`: its sender forbids to index it,
 * and so must everybody who passes it on (RFC 7541 §7.1.3).
 */
export class Field {
  readonly name: string;
  readonly value: string;
  readonly isNeverIndexed: boolean;

  constructor(name: string, value: string, isNeverIndexed = false) {
    this.name = name;
    this.value = value;
    this.isNeverIndexed = isNeverIndexed;
  }

  /** Size as RFC 7541 §4.1 counts it. */
  get size(): number {
    return this.name.length + this.value.length + 32;
  }
}
