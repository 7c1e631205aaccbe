/** The shells that `glovebox completion` knows. */
export const completionShells = ["bash", "zsh", "fish", "pwsh"] as const;

/**
 * What each shell reads. All of them ask `glovebox __complete` for candidates, one on a line with its description after a
 * tab, and offer files where there are none.
 */
export const completionScripts: Readonly<Record<(typeof completionShells)[number], string>> = {
  bash: `# For ~/.bashrc: source <(glovebox completion bash)
_glovebox() {
  local IFS=$'\\n'
  COMPREPLY=($(glovebox __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -o bashdefault -F _glovebox glovebox
`,
  zsh: `#compdef glovebox
# For ~/.zshrc, after compinit: source <(glovebox completion zsh)
_glovebox() {
  local line
  local -a candidates
  for line in "\${(@f)$(glovebox __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then _describe glovebox candidates; else _files; fi
}
compdef _glovebox glovebox
`,
  fish: `# For ~/.config/fish/config.fish: glovebox completion fish | source
function __glovebox_complete
  set -l words (commandline -opc) (commandline -ct)
  glovebox __complete -- $words[2..-1] 2>/dev/null
end
complete -c glovebox -a '(__glovebox_complete)'
`,
  pwsh: `# For $PROFILE: glovebox completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName glovebox -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
  $words += $wordToComplete
  & glovebox '__complete' '--' @words 2>$null | ForEach-Object {
    $text, $description = $_ -split [char]9, 2
    if (-not $description) { $description = $text }
    [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $description)
  }
}
`,
};
