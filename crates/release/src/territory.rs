use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Where a release may be sold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Territories {
    /// Everywhere.
    #[default]
    Worldwide,
    /// In these only.
    Only(BTreeSet<Territory>),
    /// Everywhere else.
    Except(BTreeSet<Territory>),
}

/// A territory: an ISO 3166-1 alpha-2 code, or XK for Kosovo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Territory([u8; 2]);

/// A text that is no territory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{0}\" is not a territory: two letters of ISO 3166-1, or XK")]
pub struct TerritoryError(pub String);

/// Why a text is no list of territories.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TerritoriesError {
    /// None of the three forms.
    #[error("\"{0}\" is not a list of territories: worldwide, only:DE,AT or except:US")]
    Form(String),
    /// A list without a territory.
    #[error("\"{0}\" names no territory: write worldwide, or territories after the colon, as in only:DE,AT")]
    Empty(String),
    /// A code in the list that is none.
    #[error(transparent)]
    Territory(#[from] TerritoryError),
}

impl FromStr for Territories {
    type Err = TerritoriesError;

    /// Reads `worldwide`, `only:DE,AT` or `except:US`; nothing at all is the whole world.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.trim();
        if plain.is_empty() || plain.eq_ignore_ascii_case("worldwide") {
            return Ok(Self::Worldwide);
        }
        let (form, list) = plain.split_once(':').ok_or_else(|| TerritoriesError::Form(text.to_owned()))?;
        let codes = list.split([',', ' ']).filter(|code| !code.is_empty());
        let territories: BTreeSet<Territory> = codes.map(str::parse).collect::<Result<_, _>>()?;
        match form.trim().to_ascii_lowercase().as_str() {
            "only" | "except" if territories.is_empty() => Err(TerritoriesError::Empty(text.to_owned())),
            "only" => Ok(Self::Only(territories)),
            "except" => Ok(Self::Except(territories)),
            _ => Err(TerritoriesError::Form(text.to_owned())),
        }
    }
}

impl fmt::Display for Territories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (form, territories) = match self {
            Self::Worldwide => return f.write_str("worldwide"),
            Self::Only(territories) => ("only", territories),
            Self::Except(territories) => ("except", territories),
        };
        let codes: Vec<String> = territories.iter().map(ToString::to_string).collect();
        write!(f, "{form}:{}", codes.join(","))
    }
}

impl FromStr for Territory {
    type Err = TerritoryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        match <[u8; 2]>::try_from(upper.as_bytes()) {
            Ok(code) if is_iso_3166(&code) || code == *b"XK" => Ok(Self(code)),
            _ => Err(TerritoryError(text.to_owned())),
        }
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).expect("a territory is built from ASCII only"))
    }
}

impl Serialize for Territory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Territory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// ISO 3166-1 alpha-2, officially assigned, 249 codes.
const ISO_3166: &str = "\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR \
GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP \
KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT \
MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ \
UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Whether two bytes are an assigned code of ISO 3166-1 alpha-2.
pub(crate) fn is_iso_3166(code: &[u8]) -> bool {
    ISO_3166.split(' ').any(|assigned| assigned.as_bytes() == code)
}
