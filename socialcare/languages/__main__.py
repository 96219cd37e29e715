"""python -m socialcare.languages compile      make the catalogues ready; needed before anything starts
python -m socialcare.languages update       take up what the sources say anew, then tell what is not translated
"""

import sys

from django.conf import settings

from socialcare.languages import catalogues, sources


def update() -> None:
    """Every catalogue; prints what waits for a translator."""
    settings.configure(USE_I18N=True)  # Django's reading of templates asks for no more
    said = sources.words()
    for language in catalogues.languages():
        path = catalogues.path_of(language)
        added, gone = catalogues.update(path, said)
        sys.stdout.write(f"{language}: {len(said)} texts, {added} new, {gone} gone\n")
        sys.stdout.writelines(f"  {fault}\n" for fault in catalogues.faults(path, said))


TASKS = {"compile": catalogues.compile_all, "update": update}

if __name__ == "__main__":
    task = TASKS.get("".join(sys.argv[1:]))
    sys.exit(__doc__) if task is None else task()
