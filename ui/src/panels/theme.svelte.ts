/** Light and dark: as the system says, until somebody chooses. */
import { recall, remember } from "../platform";

export type Choice = "system" | "light" | "dark";

class Theme {
  choice = $state<Choice>(read(recall("theme")));
  private readonly system = typeof matchMedia === "undefined" ? null : matchMedia("(prefers-color-scheme: dark)");
  private systemDark = $state(false);

  constructor() {
    this.systemDark = this.system?.matches ?? false;
    this.system?.addEventListener("change", (event) => {
      this.systemDark = event.matches;
      this.paint();
    });
  }

  get dark(): boolean {
    return this.choice === "system" ? this.systemDark : this.choice === "dark";
  }

  set(choice: Choice): void {
    this.choice = choice;
    remember("theme", choice);
    this.paint();
  }

  /** Light to dark and back; landing on what the system says follows it again. */
  toggle(): void {
    const dark = !this.dark;
    this.set(dark === this.systemDark ? "system" : dark ? "dark" : "light");
  }

  paint(): void {
    document.documentElement.dataset["theme"] = this.dark ? "dark" : "light";
  }
}

function read(value: string | null): Choice {
  return value === "light" || value === "dark" ? value : "system";
}

export const theme = new Theme();
