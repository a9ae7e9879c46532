/** What a Markdown page names: links, inline code, and commands in fenced blocks. */
export interface Markdown {
  readonly links: readonly MarkdownItem[];
  readonly spans: readonly MarkdownItem[];
  readonly commands: readonly MarkdownItem[];
}

/** A piece of text and the line it is on, counted from 1. */
export interface MarkdownItem {
  readonly text: string;
  readonly line: number;
}

const SHELL = /^(sh|bash|shell|console)\b/;

/** The commands of one line of a shell block: without prompt and comment, split at `&&` and `;`. */
function commandsOf(line: string, language: string): string[] {
  const isConsole = language.startsWith('console');
  if (isConsole && !line.startsWith('$ ')) return [];
  const text = line.replace(/^\$ /, '').replace(/(^|\s)#.*$/, '');
  return text
    .split(/\s*(?:&&|;|\|)\s*/)
    .map((c) => c.trim())
    .filter((c) => c !== '');
}

/** Reads a page; a line that ends in a backslash goes on in the next one. Pure. */
export function readMarkdown(text: string): Markdown {
  const links: MarkdownItem[] = [];
  const spans: MarkdownItem[] = [];
  const commands: MarkdownItem[] = [];
  let language: string | undefined;
  let pending = '';
  text.split('\n').forEach((content, index) => {
    const line = index + 1;
    const fence = /^\s*```(.*)$/.exec(content);
    if (fence !== null) language = language === undefined ? (fence[1] ?? '').trim() : undefined;
    else if (language === undefined) {
      for (const [, span = ''] of content.matchAll(/`([^`]+)`/g)) spans.push({ text: span, line });
      for (const [, link = ''] of content.matchAll(/\]\(([^)\s]+)\)/g)) links.push({ text: link, line });
    } else if (SHELL.test(language)) {
      const whole = pending + content.trim();
      pending = whole.endsWith('\\') ? `${whole.slice(0, -1)} ` : '';
      if (pending === '') commands.push(...commandsOf(whole, language).map((c) => ({ text: c, line })));
    }
  });
  return { links, spans, commands };
}
