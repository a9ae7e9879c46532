import { parseCertificate } from '@minos/pki';
import type { RunCommand } from '../cli/command.ts';
import { loadContext } from '../client-config/load-context.ts';
import { DocumentWriter } from '../output/documents.ts';
import { agoText } from '../output/quantity.ts';
import { tableText } from '../output/table.ts';

/** Shows the context in use: where it leads, as whom, and for how long. */
export const configInfo: RunCommand<unknown> = async ({ globals, terminal }) => {
  const context = await loadContext(terminal, globals);
  const certificate = parseCertificate(context.crt);
  const roles = certificate.subject.organizations;
  const until = new Date(certificate.notAfterMs).toISOString();
  const leftMs = certificate.notAfterMs - terminal.clock.now();
  if (globals.output !== 'table') {
    const { name, file, endpoints, nodes } = context;
    await new DocumentWriter(terminal, globals.output).write({ name, file, endpoints, nodes, roles, validUntil: until });
    return 0;
  }
  const rows = [
    ['Endpoints:', context.endpoints.join(', ') || 'none'],
    ['Nodes:', context.nodes.join(', ') || 'none'],
    ['Roles:', roles.join(', ') || 'none'],
    ['Certificate:', leftMs > 0 ? `valid for ${agoText(leftMs)}, until ${until}` : `expired at ${until}; ask for a new one`],
    ['File:', context.file],
  ];
  await terminal.out(tableText(['Context:', context.name], rows));
  return 0;
};
