import type { ScalarTag, Tags } from 'yaml';

const NUMBERS = new Set(['tag:yaml.org,2002:int', 'tag:yaml.org,2002:float']);

/**
 * Tags with which numbers that were read are written as they stood: `0644`, `1.10` and `0x10` mean something else, or are too long, as the
 * number that they are. What replaces the value of a scalar must remove its `source`.
 */
export function faithfulNumbers(tags: Tags): Tags {
  return tags.map((tag) => (typeof tag !== 'string' && isNumberTag(tag) ? withSource(tag) : tag));
}

function isNumberTag(tag: Exclude<Tags[number], string>): tag is ScalarTag {
  return NUMBERS.has(tag.tag) && tag.collection === undefined;
}

function withSource(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    stringify: (item, ...rest) => item.source ?? tag.stringify?.(item, ...rest) ?? String(item.value),
  };
}
