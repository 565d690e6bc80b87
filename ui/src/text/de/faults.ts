/** Worte über Dateien, die nicht gelesen oder geschrieben werden können: was ist, und was hilft. */
import type { faults as english } from "../en/faults";
import type { Part } from "../over";

export const faults: Part<typeof english> = {
  fileFaults: {
    "not-found": (path) => `${path} ist nicht da. Legen Sie es zurück, oder wählen Sie einen anderen Ort.`,
    denied: (path) => `${path} dürfen Sie nicht lesen oder schreiben. Ändern Sie die Rechte, oder wählen Sie einen anderen Ort.`,
    "is-folder": (path) => `${path} ist ein Ordner. Wählen Sie eine Datei.`,
    "not-a-file": (path) => `${path} ist keine Datei, sondern eine Pipe oder ein Gerät. Wählen Sie eine Datei.`,
    "link-loop": (path) => `${path} ist ein Verweis, der zu sich selbst führt. Berichtigen Sie ihn, oder wählen Sie eine andere Datei.`,
    "not-a-folder": (path) => `${path} ist eine Datei. Wählen Sie einen Ordner.`,
    "read-only": (path) => `${path} ist schreibgeschützt. Heben Sie das auf, oder wählen Sie einen anderen Ort.`,
    "disk-full": (path) => `Der Datenträger ist voll; ${path} blieb, wie es war. Schaffen Sie Platz, oder wählen Sie einen anderen Ort.`,
    "changed-on-disk": (path) => `${path} wurde inzwischen von einem anderen Programm geändert; es wurde nichts geschrieben. Lesen Sie die Datei neu, und versuchen Sie es dann noch einmal.`,
    "gone-from-disk": (path) => `${path} wurde inzwischen von einem anderen Programm entfernt. Speichern Sie neu, oder unter einem anderen Namen.`,
    "too-big": (path) => `${path} ist zu groß, um auf einmal gelesen zu werden. Teilen Sie die Datei, oder wählen Sie eine andere.`,
    exists: (path) => `${path} gibt es schon. Wählen Sie einen anderen Namen, oder lassen Sie die Datei ersetzen.`,
  },
};
