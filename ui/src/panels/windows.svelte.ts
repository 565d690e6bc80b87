/** What lies over the window for a moment: the palette, a question, a dialog. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly tone?: "primary" | "danger";
}

export interface Question {
  readonly title: string;
  readonly words: string;
  readonly choices: readonly Choice[];
  answer(id: string | null): void;
}

class Windows {
  palette = $state(false);
  templates = $state(false);
  shortcuts = $state(false);
  keys = $state(false);
  question = $state.raw<Question | null>(null);

  /** Asks, and gives the id of the choice, or null when it was waved away. */
  ask(title: string, words: string, choices: readonly Choice[]): Promise<string | null> {
    return new Promise((resolve) => {
      this.question = {
        title,
        words,
        choices,
        answer: (id) => {
          this.question = null;
          resolve(id);
        },
      };
    });
  }
}

export const windows = new Windows();
