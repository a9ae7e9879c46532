import { type ResourceDefinitionSpec, ResourceDefinitionSpec_Sensitivity as Sensitivity } from '@minos/api/cosi';
import { MachineConfigSpec } from '@minos/api/resource-specs';
import { redactConfig, toYamlText } from '@minos/config';
import type { CallOptions } from '@minos/rpc';
import type { StateClient } from '../get/resolve-type.ts';
import { type ResourceView, resourceView } from '../get/resource-view.ts';

const MACHINE_CONFIG = 'MachineConfigs.config.talos.dev';

/** Where resources of one type are read. */
export interface ResourceSource {
  readonly state: StateClient;
  readonly definition: ResourceDefinitionSpec;
  readonly options: CallOptions;
}

/**
 * All resources of a type, as YAML documents. Of a sensitive type only that they are there; of the machine
 * configuration also its text, with every secret replaced.
 */
export async function* resourceDocuments({ state, definition, options }: ResourceSource): AsyncGenerator<Buffer> {
  const { resourceType: type, defaultNamespace: namespace, sensitivity } = definition;
  const isSensitive = sensitivity === Sensitivity.SENSITIVE;
  const request = { namespace, type, options: { labelQuery: [], idQuery: undefined } };
  for await (const { resource } of state.List(request, options)) {
    const view = resourceView(isSensitive && resource !== undefined ? withoutSpec(resource) : resource);
    // The YAML form is a text within a text, in which no secret would be found.
    const bytes = type === MACHINE_CONFIG ? resource?.spec?.protoSpec : undefined;
    const text = bytes === undefined ? undefined : redactConfig(MachineConfigSpec.decode(bytes).yamlMarshalled.toString('utf8'));
    yield Buffer.from(documentText(view, { isSensitive, text }));
  }
}

function withoutSpec<R extends { readonly spec?: unknown }>(resource: R) {
  return { ...resource, spec: { protoSpec: Buffer.alloc(0), yamlSpec: '' } };
}

function documentText(view: ResourceView, shown: { readonly isSensitive: boolean; readonly text: string | undefined }): string {
  const spec = shown.text ?? (shown.isSensitive ? undefined : view.spec);
  return `---\n${toYamlText({ metadata: view.metadata, ...(spec === undefined ? {} : { spec }) })}`;
}
