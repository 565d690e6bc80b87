//! What the manual says of each kind.

use super::Kind;

impl Kind {
    /// By what it is found.
    #[must_use]
    pub const fn found_by(self) -> &'static str {
        match self {
            Self::Card => {
                "13 to 19 digits of any script, in one piece or in groups parted by up to four spaces, dashes, dots, slashes, \
                 commas or signs that nobody sees, of a brand's range and length, with Luhn's check \
                 digit; behind the letters of a reference (`TX-…`) only beside a word such as *card*"
            }
            Self::Cvv => {
                "three or four digits beside *cvv*, *security code*, *Prüfziffer* …, or behind a card and its date"
            }
            Self::Password => {
                "what stands behind `password:`, `password is`, *PIN*, *Kennwort*, *one-time code* …, answers a question for it, or has that \
                 name in an object; ordinary words (*my password is wrong*) are none"
            }
            Self::ApiKey => {
                "the beginnings that makers give their keys (`sk-`, `AKIA`, `ghp_`, `xoxb-`, `AIza` …), private keys in PEM, \
                 and long words behind *api key*, *client secret*, *bearer* …"
            }
            Self::Jwt => "two or three parts in base64url (five where it is encrypted), the first ones JSON objects",
            Self::Iban => {
                "a country, its number of letters and digits, however parted, and the check digits (modulo 97)"
            }
            Self::Ssn => {
                "3-2-4 digits with dashes, of areas and groups that are given out; other signs or none beside *ssn*"
            }
            Self::Nino => "two letters that are given out, six digits, a letter from A to D",
            Self::Mbi => "eleven places, each with its letters or digits; without dashes beside *Medicare* or *MBI*",
            Self::Npi => "ten digits with Luhn's check digit behind 80840, beside *NPI* or *provider*",
            Self::MedicalRecord => "a number beside *MRN*, *medical record*, *patient number*, *Patientennummer* …",
            Self::BirthDate => "a date beside *date of birth*, *DOB*, *born*, *Geburtsdatum* …",
            Self::Email => "a name, `@`, and a domain with a top level",
            Self::Phone => {
                "`+` and 8 to 15 digits; a North American or national number by how it is grouped; other digits beside \
                 *phone*, *call me*, *Telefon* …; never behind *order*, *reference*, *Rechnung* …"
            }
            Self::Ip => "four numbers up to 255, or an address of version 6; never behind *version*",
        }
    }
}
