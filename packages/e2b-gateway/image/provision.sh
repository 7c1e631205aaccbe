#!/bin/sh
# Makes of an image one in which programs for E2B find what they expect: the user `user`, sudo, a shell and the usual tools.
# Runs as root while the image is built. Does no harm where it ran before.
set -eu

tools="bash curl git jq openssl ps setfattr ss sudo tput unzip wget"

missing() {
  for tool in $tools; do command -v "$tool" > /dev/null 2>&1 || return 0; done
  return 1
}

install_tools() {
  if command -v apt-get > /dev/null 2>&1; then
    apt-get -q update
    DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -qy install --no-install-recommends \
      attr bash ca-certificates curl git iproute2 jq ncurses-bin openssl procps sudo unzip wget
    rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
  elif command -v dnf > /dev/null 2>&1; then
    dnf -qy install attr bash ca-certificates curl findutils git iproute jq ncurses openssl procps-ng sudo unzip util-linux wget
  fi
}

if missing; then
  install_tools || echo "Not every tool could be installed: this image has what it had" >&2
fi
if ! command -v sudo > /dev/null 2>&1; then
  echo "This image has no sudo, and it could not be installed" >&2
  exit 1
fi

# FILE LINE: a line in front, in place of one with the same name.
put_first() {
  name="${2%%:*}"
  [ -e "$1" ] || : > "$1"
  { printf '%s\n' "$2"; grep -v "^$name:" "$1" || true; } > "$1.partial"
  cat "$1.partial" > "$1"
  rm "$1.partial"
}

shell=/bin/sh
[ -e /bin/bash ] && shell=/bin/bash
# The user of every sandbox is there under both names; the first one is what programs see.
put_first /etc/passwd "agent:x:1000:1000:Glovebox agent:/home/agent:$shell"
put_first /etc/passwd "user:x:1000:1000::/home/user:$shell"
put_first /etc/group "agent:x:1000:"
put_first /etc/group "user:x:1000:"
if [ -e /etc/shadow ]; then
  put_first /etc/shadow "agent:*:19000:0:99999:7:::"
  put_first /etc/shadow "user::19000:0:99999:7:::"
fi

mkdir -p /home/user
if [ -d /etc/skel ]; then
  for file in /etc/skel/.[!.]* /etc/skel/*; do
    [ -e "$file" ] || continue
    [ -e "/home/user/${file##*/}" ] || cp -r "$file" /home/user/
  done
fi
chown -R 1000:1000 /home/user

mkdir -p /etc/sudoers.d
echo "user ALL=(ALL:ALL) NOPASSWD: ALL" > /etc/sudoers.d/user
chmod 440 /etc/sudoers.d/user

# As in E2B: packages are installed without sudo.
find /usr/local -type d -exec chmod 777 {} +
mkdir -p /code
chmod 777 /code
if command -v python3 > /dev/null 2>&1; then
  command -v python > /dev/null 2>&1 || ln -s "$(command -v python3)" /usr/local/bin/python
  [ -e /etc/pip.conf ] || printf '[global]\nbreak-system-packages = true\n' > /etc/pip.conf
fi
