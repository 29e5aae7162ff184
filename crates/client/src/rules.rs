//! 规则与参数, read from the centre and changed there. What binds a report is kept with the reference data.

use chayan_api::rules::{AmendOutcome, AmendRequest, RuleBook, RuleQuery};
use chayan_domain::ids::AmendmentId;

use crate::core::Core;
use crate::ipc::{AmendArgs, DeskFault, DeskFaultCode, RuleBookArgs};

impl Core {
    /// `rule_book`
    pub(crate) async fn rule_book(&self, args: RuleBookArgs) -> Result<RuleBook, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.rules(&token, &RuleQuery { unit: args.unit_id }).await).await
    }

    /// `amend_rules`. A change whose answer did not come may have been made: it is asked for once more under the same
    /// id.
    pub(crate) async fn amend_rules(&self, args: AmendArgs) -> Result<AmendOutcome, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        let AmendArgs { based_on, effective_on, reason, draft, preview } = args;
        let amendment_id = AmendmentId(self.entropy.uuid(self.now()));
        let body = AmendRequest { amendment_id, based_on, effective_on, reason, draft, preview };
        match self.heard(remote.amend(&token, &body).await).await {
            Err(fault) if fault.code == DeskFaultCode::Unreachable => {
                self.heard(remote.amend(&token, &body).await).await
            }
            answer => answer,
        }
    }
}
