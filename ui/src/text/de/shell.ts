/** Words of the window around the panels. */
import type { Text } from "../en";
import type { Part } from "../over";

export const shell: Part<Text> = {
  places: {
    design: "Entwurf",
    register: "Register",
    test: "Test",
    routing: "Routing",
    export: "Export",
    audit: "Audit",
    history: "Verlauf",
  },
  actions: {
    language: "English (Englisch)",
    languageNext: "Ab dem nächsten Start spricht das Fenster Englisch.",
  },
};
