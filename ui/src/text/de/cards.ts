/** Words of the cards that show a handoff as the person receives it. */
import type { cards as english } from "../en/cards";
import type { Part } from "../over";

export const cards: Part<typeof english> = {
  cards: {
    who: { customer: "Kunde", ai: "KI", agent: "Mensch" },
    place: {
      ticket: "Ticket",
      messaging: "Agent Workspace: Messaging",
      case: "Service Console: Case",
      session: "Service Console: Messaging-Sitzung",
      task: "Arbeitsplatz: Aufgabe",
      interaction: "Interaktion",
      contact: "Contact Control Panel: Chat",
      taskContact: "Contact Control Panel: Aufgabe",
      hub: "Hub: Ereignis und Mitschrift",
    },
    requester: "Anfragende Person",
    email: "E-Mail",
    group: "Gruppe",
    priority: "Priorität",
    due: "Fällig",
    publicReply: "Öffentliche Antwort",
    customer: "Kunde",
    passedTo: (name: string) => `Übergeben an ${name}`,
    nativeHistory: "Hier stehen die Nachrichten des Gesprächs selbst.",
    ticketFields: "Ticketfelder",
    metadata: "Metadaten",
    case: "Case",
    details: "Einzelheiten",
    comment: (number: number) => `Kommentar ${number}`,
    preChat: "Angaben vor dem Chat und Routing-Attribute",
    chat: "Chat",
    taskContext: "Kontext der Aufgabe",
    participantData: "Daten des Teilnehmers",
    incoming: "Eingehend",
    attributes: "Kontaktattribute",
    references: "Verweise",
    context: "Kontext",
    transcript: "Mitschrift",
  },
};
