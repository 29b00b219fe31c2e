//! What may be seen of a means of paying.

use std::sync::Arc;

use contract::clubs::profiles::{PaymentProfileDto, PaymentProfileResponse};
use domain::profile::{PaymentProfile, ProfileState};

use crate::app::App;

/// A means of paying as its member has it.
pub(super) struct OnFile {
    pub(super) profile: Arc<PaymentProfile>,
    pub(super) is_preferred: bool,
}

impl OnFile {
    /// The DTO.
    pub(super) fn dto(&self, app: &App) -> PaymentProfileDto {
        let profile = &*self.profile;
        PaymentProfileDto {
            payment_profile_id: Some(profile.id.0.to_string()),
            acct_token: Some(app.vault.acct_token(profile)),
            acct_class: Some(profile.account.class().name().to_owned()),
            acct_type: Some(profile.account.name().to_owned()),
            acct_type_id: profile.account.number(),
            last4: Some(profile.last_four.clone()),
            exp_month: profile.last_month.map(|last| last.month.into()),
            exp_year: profile.last_month.map(|last| last.year.into()),
            is_temp: profile.temporary,
            is_preferred: self.is_preferred,
            status: Some(status(profile.state).to_owned()),
        }
    }

    /// An answer that shows it.
    pub(super) fn response(&self, app: &App, description: &str) -> PaymentProfileResponse {
        PaymentProfileResponse {
            success: true,
            description: Some(description.to_owned()),
            payment_profile: Some(self.dto(app)),
        }
    }
}

fn status(state: ProfileState) -> &'static str {
    match state {
        ProfileState::Usable => "Usable",
        ProfileState::NeedsExpiry => "NeedsExpiry",
        ProfileState::Unusable => "Unusable",
        ProfileState::Removed => "Removed",
    }
}
