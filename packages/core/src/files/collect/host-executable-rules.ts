/**
 * Files that make a host execute something, the most dangerous first: what it takes for them to run is less and less. The
 * patterns are matched against paths in lower case. No such list is complete: every tool that reads a file from the current
 * directory adds to it.
 */
export const hostExecutableRules: readonly (readonly RegExp[])[] = [
  // By looking: entering the directory in a shell, opening it in an editor or a file manager.
  [
    /(^|\/)\.git(\/|$)/,
    /(^|\/)(\.hg|\.sl)\/hgrc/,
    /(^|\/)(\.jj|\.bzr|\.pijul|_darcs)\/(.*\/)?(config|config\.toml|[^/]*\.conf|defaults)$/,
    /(^|\/)(\.fslckout|_fossil_|\.fos|\.fossil-settings\/.*)$/,
    /(^|\/)(\.gitconfig|\.config\/git\/.*|\.hgrc|\.config\/(jj|hg|sapling)\/.*)$/,
    /(^|\/)(\.envrc|\.env\.zsh|\.autoenv(\.zsh)?|\.in|\.out)$/,
    /(^|\/)(\.?mise(\.[\w-]+)*\.toml|\.?mise\/.*|\.config\/mise\/.*|\.config\/mise(\.[\w-]+)*\.toml|\.rtx\.toml|\.tool-versions)$/,
    /(^|\/)\.vscode\/[^/]+\.json$/,
    /(^|\/)\.(idea|zed|fleet|devcontainer|run|vs|settings|nova|helix|theia|vim|emacs\.d|config\/nvim)\//,
    /(\.code-workspace|\.sublime-(project|workspace)|\.xcscheme|project\.pbxproj)$/,
    /(^|\/)(\.devcontainer\.json|\.gitpod\.yml|\.replit|\.project|\.classpath|\.clangd|\.ycm_extra_conf\.py)$/,
    /(^|\/)(\.exrc|_exrc|\.?_?n?g?vimrc(\.\w+)?|\.(l|local\.)vimrc|\.nvim\.lua|\.dir-locals(-2)?\.el|\.emacs(\.el)?|\.projectile)$/,
    /(\.desktop|\.directory|\.lnk|\.scf|\.url|\.webloc|\.inetloc|\.terminal|\.command|\.library-ms)$/,
    /(^|\/)(autorun\.inf|desktop\.ini|directory\.htt)$/,
    /(^|\/)(\.config\/(autostart|systemd|environment\.d|fish)\/.*|library\/launch(agents|daemons)\/.*|\.ssh\/.*)$/,
    /(^|\/)\.(bash_?(rc|profile|login|logout|aliases)|profile|z(shrc|shenv|profile|login|logout)|kshrc|t?cshrc|login|logout)$/,
    /(^|\/)\.(xinitrc|xsession(rc)?|xprofile|pam_environment|inputrc|tmux\.conf|screenrc)$/,
  ],
  // By a coding agent that is started in the directory: its hooks, servers, permissions and instructions.
  [
    /(^|\/)\.(claude|cursor|codex|gemini|opencode|windsurf|continue|roo|clinerules|kiro|amazonq|goose|junie|agents?)(\/|$)/,
    /(^|\/)\.(augment|trae|qwen|factory|crush|rules|cline|kilocode|aider[\w.-]*|plandex[\w-]*)(\/|$)/,
    /(^|\/)(\.?mcp\.json|opencode\.jsonc?|\.?crush\.json|\.codex\.toml)$/,
    /(^|\/)(claude(\.local)?|agents?(\.override)?|gemini|qwen|crush|warp|copilot|skill)\.md$/,
    /(^|\/)\.(cursorrules|windsurfrules|roorules[\w-]*|goosehints|cursorignore|augment-guidelines|airules)$/,
    /(^|\/)\.github\/(copilot-instructions\.md|copilot\/.*|(instructions|prompts|chatmodes|agents|skills|hooks)\/.*)$/,
  ],
  // By git: what it calls on a commit or a checkout, and what installs that.
  [
    /(^|\/)\.(husky|githooks|git-hooks)\//,
    /(^|\/)(hooks|\.hooks)\/(applypatch-msg|pre-applypatch|post-applypatch|pre-commit|pre-merge-commit|prepare-commit-msg)$/,
    /(^|\/)(hooks|\.hooks)\/(commit-msg|post-commit|pre-rebase|post-checkout|post-merge|pre-push|post-rewrite|push-to-checkout)$/,
    /(^|\/)\.?lefthook(-local)?\.(ya?ml|toml|json)$/,
    /(^|\/)(\.pre-commit-(config|hooks)\.ya?ml|prek\.toml|\.overcommit\.yml|captainhook\.json|grumphp\.ya?ml|\.rusty-hook\.toml)$/,
    /(^|\/)\.?simple-git-hooks\.(json|[cm]?[jt]s)$/,
    /(^|\/)(lint-staged|commitlint)\.config\.\w+$/,
    /(^|\/)(\.gitattributes|\.gitmodules|\.lfsconfig)$/,
  ],
  // By an interpreter, a debugger or a client that is started in the directory.
  [
    /(^|\/)(sitecustomize|usercustomize|pythonstartup|ipython_config|jupyter_\w*_?config)\.py$/,
    /(^|\/)([^/]+\.pth|pyvenv\.cfg|\.pythonrc(\.py)?|\.pythonstartup|\.pdbrc(\.py)?|\.ipython\/.*|\.jupyter\/.*)$/,
    /(^|\/)\.(gdbinit|lldbinit(-[\w-]+)?|perldb|ghci|iex\.exs|rprofile|renviron|rdata|juliarc\.jl|octaverc|node_repl\w*)$/,
    /(^|\/)renv\/activate\.r$/,
    /(^|\/)\.(irbrc|pryrc|psqlrc|sqliterc|mongorc\.js|mongoshrc\.js|my\.cnf|mylogin\.cnf|duckdbrc|curlrc|wgetrc|netrc)$/,
  ],
  // By a package manager, on installing or on any call: scripts, registries, plugins, builds.
  [
    /(^|\/)(\.npmrc|\.yarnrc(\.yml)?|\.?pnpmfile\.[cm]?js|pnpm-workspace\.yaml|bunfig\.toml|binding\.gyp|\.bowerrc)$/,
    /(^|\/)(\.yarn\/(releases|plugins|sdks|unplugged)\/.*|\.pnp\.[cm]?js|\.pnp\.loader\.mjs)$/,
    /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.(jsonc?|lock))$/,
    /(^|\/)(setup\.(py|cfg)|pyproject\.toml|requirements[\w.-]*\.(txt|in)|constraints[\w.-]*\.txt|pipfile(\.lock)?)$/,
    /(^|\/)(pip\.conf|\.?pydistutils\.cfg|poetry\.(toml|lock)|uv\.(toml|lock)|pdm\.(toml|lock)|environment\.ya?ml|\.condarc)$/,
    /(^|\/)(\.cargo\/.*|cargo\.(toml|lock)|build\.rs|rust-toolchain(\.toml)?)$/,
    /(^|\/)(gemfile(\.lock)?|gems\.(rb|locked)|[^/]+\.gemspec|\.bundle\/.*|\.gemrc|podfile(\.lock)?|[^/]+\.podspec(\.json)?)$/,
    /(^|\/)(package\.swift|package\.resolved|cartfile|mix\.(exs|lock)|rebar\.config|rebar\.lock|auth\.json|composer\.lock)$/,
    /(^|\/)(go\.(mod|work|env)|[^/]+\.nix|flake\.lock|devbox\.json|devenv\.ya?ml|[^/]+\.cabal|cabal\.project|stack\.yaml|setup\.hs)$/,
    /(^|\/)(nuget\.config|directory\.(build|packages)\.(props|targets)|global\.json|paket\.dependencies|brewfile|dub\.(json|sdl))$/,
    /(^|\/)([^/]+\.opam|dune-project|shard\.yml|elm\.json|pubspec\.ya?ml|project\.clj|deps\.edn|bb\.edn|shadow-cljs\.edn)$/,
  ],
  // By linters, bundlers and test programs, which editors start too: configuration that is code or names code.
  [
    /(^|\/)[\w.-]+\.config(\.[\w-]+)*\.([cm]?[jt]sx?|json5?|ya?ml|toml|lua)$/,
    /(^|\/)\.(?!nvmrc$)[\w-]+rc(\.([cm]?[jt]s|json5?|ya?ml|toml))?$/,
    /(^|\/)(conftest\.py|pytest\.ini|tox\.ini|noxfile\.py|\.coveragerc|\.pylintrc|pylintrc|mypy\.ini|ruff\.toml|\.ruff\.toml)$/,
    /(^|\/)(biome\.jsonc?|\.oxlintrc\.json|nx\.json|turbo\.jsonc?|lerna\.json|angular\.json|karma\.conf\.\w+|protractor\.conf\.\w+)$/,
    /(^|\/)(gulpfile|gruntfile|brocfile|jakefile|cypress|playwright|metro|wallaby|wdio|ember-cli-build)([\w.-]*)\.[cm]?[jt]s$/,
    /(^|\/)(\.rspec|\.rubocop[\w.-]*\.yml|phpunit\.xml(\.dist)?|phpstan\.neon(\.dist)?|\.php-cs-fixer[\w.-]*\.php|psalm\.xml)$/,
    /(^|\/)(\.golangci\.(ya?ml|toml|json)|\.bazelrc|\.buckconfig|\.swiftlint\.yml|\.scalafix\.conf|\.credo\.exs|\.formatter\.exs)$/,
    /(^|\/)(\.trunk\/.*|\.mega-linter\.yml|\.aspect\/.*|\.moon\/.*|\.storybook\/.*|\.parcelrc)$/,
  ],
  // By a build.
  [
    /(^|\/)((gnu)?makefile([\w.-]*)|[^/]+\.mk|\.?justfile|taskfile\.ya?ml|rakefile|[^/]+\.rake|vagrantfile|earthfile|tiltfile)$/,
    /(^|\/)(cmakelists\.txt|[^/]+\.cmake|cmake(user)?presets\.json|meson\.build|meson_options\.txt|configure(\.ac|\.in)?)$/,
    /(^|\/)(sconstruct|sconscript|wscript|build\.zig(\.zon)?|[^/]+\.(gyp|gypi|pri|pro|ninja)|xmake\.lua|premake5?\.lua)$/,
    /(^|\/)([^/]+\.gradle(\.kts)?|gradle\.properties|gradlew(\.bat)?|mvnw(\.cmd)?|gradle\/.*|\.mvn\/.*|pom\.xml|build\.xml)$/,
    /(^|\/)([^/]+\.sbt|project\/[^/]+\.(scala|properties)|build\.(sc|mill|boot)|[^/]+\.(csproj|vbproj|fsproj|vcxproj|props|targets))$/,
    /(^|\/)(build|workspace)(\.bazel)?$|(^|\/)(module\.bazel|[^/]+\.bzl|buck|pants\.toml|please\.build|dune)$/,
    /(^|\/)((docker|container)file([\w.-]*)|[\w.-]+\.dockerfile|(docker-)?compose([\w.-]*)\.ya?ml|docker-bake\.(hcl|json)|skaffold\.yaml)$/,
    /(^|\/)(fabfile|tasks|dodo|build|waf)\.py$|(^|\/)(procfile|brunch-config\.\w+|fastlane\/.*|snapcraft\.yaml|debian\/rules)$/,
  ],
  // By a server, on a push: with its secrets, and with the right to publish.
  [
    /(^|\/)\.(github|forgejo|gitea|gitee)\/(workflows|actions)\//,
    /(^|\/)(action\.ya?ml|\.github\/dependabot\.ya?ml|renovate\.json5?|\.github\/renovate\.json5?)$/,
    /(^|\/)\.(circleci|buildkite|woodpecker|gitlab|semaphore|tekton|teamcity|builds|harness|azure-pipelines|azuredevops|ci)\//,
    /(^|\/)\.(gitlab-ci|woodpecker|drone|travis|cirrus|appveyor|build|onedev-buildspec|scrutinizer|goreleaser|cloudbuild)(\.[\w-]+)*\.(ya?ml|star|jsonnet)$/,
    /(^|\/)(azure-pipelines|bitbucket-pipelines|appveyor|cloudbuild|buildspec|codemagic|bitrise|wercker|pipeline|circle)([\w.-]*)\.ya?ml$/,
    /(^|\/)(jenkinsfile([\w.-]*)|netlify\.toml|vercel\.json|render\.yaml|fly\.toml|heroku\.yml|firebase\.json|wrangler\.(toml|jsonc?))$/,
    /(^|\/)(serverless\.(ya?ml|[jt]s)|app\.ya?ml|amplify\.yml|\.platform\/.*|\.platform\.app\.yaml)$/,
  ],
];
