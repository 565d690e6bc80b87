//! The arguments of `keys`.

use clap::Subcommand;
use clap::builder::PossibleValuesParser;

/// `keys`
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Keys live in the keyring of this computer: Secret Service on Linux, Keychain on macOS, Credential Manager on \
Windows. HANDOFF_KEYS_FILE names a file instead, which only its owner may read; empty, it switches keys off. HANDOFF_HASH_KEY \
gives the key `redaction`, HANDOFF_RESUME_KEY the key `resume` (without it HANDOFF_HASH_KEY does), and no place is asked then."
)]
pub struct Keys {
    /// What to do with them.
    #[command(subcommand)]
    pub verb: OfKeys,
}

/// What is done with keys.
#[derive(Debug, Subcommand)]
pub enum OfKeys {
    /// Which keys there are, where they live, and their fingerprints
    List(ListKeys),
    /// Keys that are missing; what is there stays
    Make(MakeKeys),
    /// Keys taken away: what was hashed or signed with them cannot be matched again
    Remove(RemoveKeys),
}

/// `keys list`
#[derive(Debug, clap::Args)]
pub struct ListKeys {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `keys make`
#[derive(Debug, clap::Args)]
pub struct MakeKeys {
    /// `redaction` (hashes), `resume` (resume tokens); both without
    #[arg(value_name = "NAME", value_parser = key_names())]
    pub names: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `keys remove`
#[derive(Debug, clap::Args)]
pub struct RemoveKeys {
    /// `redaction` (hashes), `resume` (resume tokens)
    #[arg(required = true, value_name = "NAME", value_parser = key_names())]
    pub names: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Every key.
fn key_names() -> PossibleValuesParser {
    PossibleValuesParser::new(flow_api::store::keys::Purpose::ALL.iter().map(|purpose| purpose.name()))
}
