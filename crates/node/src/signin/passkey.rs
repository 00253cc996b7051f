//! Passkeys (WebAuthn Level 3): nothing to remember, nothing to be tricked into giving away.
//!
//! A browser is asked by name, for many keys do not know whom they belong to. A name nobody has, or somebody without a
//! passkey, gets a challenge of the same shape for a key that does not exist, the same one each time. A challenge is
//! answered once, within minutes, and is kept sealed so that only its ticket opens it.

use domain::id::PractitionerId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Url, Uuid,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use zeroize::Zeroizing;

use super::door::{Tag, Token};
use super::session::{How, Session, Started};
use super::{SignIn, SignInError, Site};
use crate::store::signin::{CeremonyRow, CredentialRow};

pub(super) const PASSKEY: &str = "passkey";
const NEW: &str = "passkey-new";
const ASKED: &str = "passkey-asked";

/// The longest name of a passkey, in characters.
const LONGEST: usize = 60;

/// What the browser is asked, as JSON for `navigator.credentials`, and the ticket that goes with the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// `{"publicKey": …}`.
    pub json: String,
    /// Goes back with the answer.
    pub ticket: Token,
}

/// This node as a relying party; `None` when it is reached by number, where WebAuthn does not work.
pub(super) fn relying_party(site: &Site) -> Option<Webauthn> {
    let origin = Url::parse(&site.origin).ok()?;
    let id = origin.domain()?.to_owned();
    WebauthnBuilder::new(&id, &origin)
        .ok()?
        .rp_name(&site.name)
        .build()
        .ok()
}

/// A passkey as it is kept, under the name its owner gave it.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    key: Passkey,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    account: [u8; 32],
    /// `None` for a decoy.
    state: Option<PasskeyAuthentication>,
}

fn json<T: Serialize>(value: &T) -> Result<Zeroizing<Vec<u8>>, SignInError> {
    let bytes = serde_json::to_vec(value).map_err(|e| SignInError::Broken(e.to_string()))?;
    Ok(Zeroizing::new(bytes))
}

impl SignIn {
    /// Whether passkeys can be used at this address.
    #[must_use]
    pub fn has_passkeys(&self) -> bool {
        self.0.webauthn.is_some()
    }

    fn party(&self) -> Result<&Webauthn, SignInError> {
        self.0.webauthn.as_ref().ok_or(SignInError::NoPasskeys)
    }

    /// The name its owner gave a passkey.
    pub(super) fn passkey_name(&self, row: &CredentialRow) -> Result<String, SignInError> {
        Ok(self.kept(row)?.name)
    }

    fn kept(&self, row: &CredentialRow) -> Result<Kept, SignInError> {
        let plain = self.door().open(PASSKEY, &row.data)?;
        serde_json::from_slice(&plain).map_err(|e| SignInError::Broken(e.to_string()))
    }

    async fn passkeys(&self, who: PractitionerId) -> Result<Vec<(CredentialRow, Kept)>, SignInError> {
        let rows = self.0.store.credentials(who).await?;
        let rows = rows.into_iter().filter(|row| row.kind == PASSKEY);
        rows.map(|row| self.kept(&row).map(|kept| (row, kept))).collect()
    }

    fn passkey_row(&self, who: PractitionerId, kept: &Kept) -> Result<CredentialRow, SignInError> {
        Ok(CredentialRow {
            id: self.door().tag(PASSKEY, kept.key.cred_id().as_ref()).0,
            practitioner: who,
            kind: PASSKEY.to_owned(),
            data: self.door().seal(PASSKEY, &json(kept)?)?,
            made: self.now(),
            used: None,
            ended: None,
        })
    }

    /// Begins to add a passkey.
    ///
    /// # Errors
    /// [`SignInError::NoPasskeys`] at an address without a name.
    pub async fn begin_passkey(&self, session: &Session) -> Result<Ask, SignInError> {
        let who = session.practitioner;
        let login = self.login_of(who).await?.unwrap_or_default();
        let have = self.passkeys(who).await?;
        let have = have.iter().map(|(_, kept)| kept.key.cred_id().clone()).collect();
        let id = Uuid::from_bytes(who.0);
        let asked = self
            .party()?
            .start_passkey_registration(id, &login, &login, Some(have));
        let (challenge, state) = asked.map_err(|e| SignInError::Broken(e.to_string()))?;
        let ticket = self.begin(who, NEW, &json(&state)?).await?;
        let json = serde_json::to_string(&challenge).map_err(|e| SignInError::Broken(e.to_string()))?;
        Ok(Ask { json, ticket })
    }

    /// Adds the passkey under a name of its owner's. Every other session of theirs ends; this one goes on under a new
    /// token.
    ///
    /// # Errors
    /// [`SignInError::Invalid`] when the name is empty or too long; [`SignInError::Refused`] when the answer does not fit the challenge or the ticket is not theirs.
    pub async fn finish_passkey(
        &self,
        session: &Session,
        ticket: &Token,
        name: &str,
        answer: &str,
    ) -> Result<Started, SignInError> {
        let (who, name) = (session.practitioner, name.trim());
        if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
            return Err(SignInError::Invalid("error-passkey-name"));
        }
        let (begun, plain) = self.begun(NEW, ticket).await?;
        if begun.practitioner != who {
            return Err(SignInError::Refused);
        }
        let state: PasskeyRegistration = serde_json::from_slice(&plain).map_err(|_| SignInError::Refused)?;
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| SignInError::Refused)?;
        let key = self
            .party()?
            .finish_passkey_registration(&answer, &state)
            .map_err(|_| SignInError::Refused)?;
        let kept = Kept {
            name: name.to_owned(),
            key,
        };
        let row = self.passkey_row(who, &kept)?;
        let (mut changes, started) = self.renewed(session).await?;
        changes.push(row.put());
        changes.push(begun.remove());
        self.write(changes, vec![begun.unchanged(), CredentialRow::absent(row.id)])
            .await?;
        Ok(started)
    }

    /// Asks a browser for a passkey of whoever has this login name.
    ///
    /// # Errors
    /// [`SignInError::TooMany`]; [`SignInError::NoPasskeys`] at an address without a name. Never for an unknown name.
    pub async fn ask_passkey(&self, login: &str, source: &Tag) -> Result<Ask, SignInError> {
        let party = self.party()?;
        self.may_try(source).await?;
        let tag = self.account_tag(login);
        let nobody = PractitionerId([0; 16]);
        let who = self.account(&tag).await?.map_or(nobody, |row| row.practitioner);
        let keys: Vec<Passkey> = self
            .passkeys(who)
            .await?
            .into_iter()
            .map(|(_, kept)| kept.key)
            .collect();
        let (challenge, state) = if keys.is_empty() {
            (self.decoy(&tag)?, None)
        } else {
            let asked = party.start_passkey_authentication(&keys);
            let (challenge, state) = asked.map_err(|e| SignInError::Broken(e.to_string()))?;
            let challenge =
                serde_json::to_value(challenge).map_err(|e| SignInError::Broken(e.to_string()))?;
            (challenge, Some(state))
        };
        let ticket = self
            .begin(
                who,
                ASKED,
                &json(&Asked {
                    account: tag.0,
                    state,
                })?,
            )
            .await?;
        Ok(Ask {
            json: challenge.to_string(),
            ticket,
        })
    }

    /// A challenge for a key that does not exist: the same key for the same name each time.
    fn decoy(&self, account: &Tag) -> Result<Value, SignInError> {
        use base64::Engine;
        let text = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        let domain = Url::parse(&self.0.site.origin)
            .ok()
            .and_then(|url| url.domain().map(str::to_owned));
        let key = self.door().tag("decoy", &account.0);
        Ok(serde_json::json!({ "publicKey": {
            "challenge": text(&self.door().random::<32>()?),
            "timeout": 300_000,
            "rpId": domain,
            "allowCredentials": [{ "type": "public-key", "id": text(&key.0) }],
            "userVerification": "required",
        }}))
    }

    /// Signs in with the passkey's answer.
    ///
    /// # Errors
    /// [`SignInError::Refused`] when the answer does not fit, was given before, or came too late.
    pub async fn with_passkey(
        &self,
        ticket: &Token,
        answer: &str,
        source: &Tag,
    ) -> Result<Started, SignInError> {
        self.may_try(source).await?;
        let (begun, plain) = self.begun(ASKED, ticket).await?;
        let asked: Asked = serde_json::from_slice(&plain).map_err(|_| SignInError::Refused)?;
        match self.answered(&begun, &asked, answer).await {
            Err(SignInError::Refused) => {
                metrics::counter!("daylight_signin_refused_total", "how" => PASSKEY).increment(1);
                self.write(vec![begun.remove()], Vec::new()).await?;
                Err(SignInError::Refused)
            }
            other => other,
        }
    }

    async fn answered(
        &self,
        begun: &CeremonyRow,
        asked: &Asked,
        answer: &str,
    ) -> Result<Started, SignInError> {
        let state = asked.state.as_ref().ok_or(SignInError::Refused)?;
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| SignInError::Refused)?;
        let result = self
            .party()?
            .finish_passkey_authentication(&answer, state)
            .map_err(|_| SignInError::Refused)?;
        let who = begun.practitioner;
        let used = self
            .passkeys(who)
            .await?
            .into_iter()
            .find(|(_, kept)| kept.key.cred_id() == result.cred_id());
        let (row, mut kept) = used.ok_or(SignInError::Refused)?;
        kept.key.update_credential(&result);
        let now = CredentialRow {
            used: Some(self.now()),
            made: row.made,
            ..self.passkey_row(who, &kept)?
        };
        let (session, started) = self.new_session(who, How::Passkey, false, None)?;
        self.write(
            vec![now.put(), session.put(), begun.remove()],
            vec![begun.unchanged(), row.unchanged()],
        )
        .await?;
        self.right_answer(&Tag(asked.account)).await?;
        Ok(started)
    }
}
