/** Shells that minosctl can complete in. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** One of them. */
export type Shell = (typeof SHELLS)[number];

// Every script asks minosctl itself; the answer `:files` leaves the word to the shell.
const SCRIPTS: Record<Shell, string> = {
  bash: `_minosctl() {
  local IFS=$'\\n' answers
  answers=$("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
  if [ "$answers" = ':files' ]; then
    COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
  else
    COMPREPLY=($(compgen -W "$answers" -- "\${COMP_WORDS[COMP_CWORD]}"))
  fi
}
complete -o filenames -F _minosctl minosctl
`,
  zsh: `#compdef minosctl
_minosctl() {
  local -a answers
  answers=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "\${answers[1]}" == ':files' ]]; then
    _files
  else
    compadd -- "\${answers[@]}"
  fi
}
compdef _minosctl minosctl
`,
  fish: `function __minosctl_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l answers ($words[1] __complete -- $words[2..-1] 2>/dev/null)
  if test "$answers" = ':files'
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $answers
  end
end
complete -c minosctl -f -a '(__minosctl_complete)'
`,
};

/** The script that teaches a shell to complete minosctl; pure. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
