import { parse } from 'yaml';
import { z } from 'zod';

/** A YAML document in the failsafe schema: every scalar is a text. */
export type YamlValue = string | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** @throws YAMLParseError where the text is not exactly one document. */
export function parseYaml(text: string): YamlValue {
  return parse(text, { schema: 'failsafe' }) as YamlValue;
}

/** Returns the value at the end of a path of keys and positions. @throws Error naming the step that leads nowhere. */
export function yamlAt(value: YamlValue, ...path: readonly (string | number)[]): YamlValue {
  let here = value;
  for (const [index, step] of path.entries()) {
    const next: YamlValue | undefined =
      typeof here === 'string' ? undefined : (here as Readonly<Record<string | number, YamlValue>>)[step];
    if (next === undefined) throw new Error(`there is nothing at ${path.slice(0, index + 1).join('.')}`);
    here = next;
  }
  return here;
}

export function yamlText(value: YamlValue, ...path: readonly (string | number)[]): string {
  return z.string().parse(yamlAt(value, ...path));
}

export function yamlTexts(value: YamlValue): readonly string[] {
  return z.array(z.string()).parse(value);
}
