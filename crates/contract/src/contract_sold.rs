//! Contract sold of the `clubs` host (`domain.md §6`): sells a package with an instalment plan.

use service::Dto;
use service::access::Access;
use service::operation::{ComputedSample, Effect, Operation, ResponseSource, Route};
use service::types::{DateTime, Decimal, SecretText};

/// `POST /sales/contract/sold`. The caller shows an API key, which the operation itself checks.
pub static CONTRACT_SOLD: Operation = Operation {
    routes: &[Route::new("POST", "/sales/contract/sold")
        .summary("Sell a package to an existing user")
        .notes(
            "Sell a package to an existing user. The PaymentMethods property is \
             an array of objects describing how you want ClubReady to take payment while \
             selling the PackageId/InstallmentPlanId. If omitted (or null), the preferred \
             on-file profile will be used.* When using Query String values (or this web \
             site), this value must be encoded with JSV [(JSON-like Separated \
             Values)](https://docs.servicestack.net/jsv-format). * Basic steps to convert \
             JSON to JSV: 1) Remove properties that are null 2) Remove white space including \
             line feeds 3) Remove quotes.",
        )],
    response_source: ResponseSource::ServiceMethod,
    access: Access::OPEN,
    effect: Effect::Writes,
    // The page shows what the original computes here, not the lowest value of the enum.
    computed_samples: &[ComputedSample { member: "RestrictedResourceType", text: "Chain" }],
    ..Operation::of::<ContractSoldEndpoint, ContractSoldResponse>()
};

/// Sells a package to a member of a club.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(
    namespace = "Clubs.ServiceModel",
    implements = "IContractSoldEndpoint, IRestrictedApiRequest",
    attribute = "ApiResponse(Description=\"\", ResponseType=typeof(ContractSoldResponse), \
                 StatusCode=200)"
)]
pub struct ContractSoldEndpoint {
    /// Address of the end user, for fraud checks and audit.
    #[dto(
        description = "IP address of the end user",
        parameter = "header",
        attribute = "ApiMember(Description=\"IP address of the end user\", \
            Name=\"X-Forwarded-For\", ParameterType=\"header\")"
    )]
    pub x_forwarded_for: Option<String>,
    /// Says who calls.
    #[dto(description = "Api Authentication Key", required, parameter = "query")]
    pub api_key: Option<SecretText>,
    /// The buyer.
    #[dto(description = "Member Id of the user buying the Package", required, parameter = "query")]
    pub member_id: i32,
    /// Guard: the chain of the key.
    #[dto(description = "Id for the chain of the Api Key")]
    pub chain_id: Option<i32>,
    /// The store; needed although it may be null.
    #[dto(description = "Id of the store for the user", required)]
    pub store_id: Option<i32>,
    /// What is sold.
    #[dto(description = "Package Id number of the package being purchased", required)]
    pub package_id: i32,
    /// The plan; the package's default when left out.
    #[dto(description = "Installment Plan Id being purchased. If empty, the default package \
                       will be selected.")]
    pub installment_id: Option<i32>,
    /// First day; today when left out.
    #[dto(description = "Date contract takes affect")]
    pub start_date: Option<DateTime>,
    /// Guard: total due today, tax included.
    #[dto(description = "Amount being paid down, including tax", required)]
    pub payment_amount: Option<Decimal>,
    /// Discount.
    #[dto(description = "Promo code to apply a discount.")]
    pub promo_code: Option<String>,
    /// Who is credited with the sale.
    #[dto(description = "Staff Id of salesperson who sold the agreement.")]
    pub staff_id: Option<i32>,
    /// How to take the money, in order, 0 to 10; null is the preferred method for all.
    #[dto(description = "An array of PaymentMethod objects to be used for this purchase. A \
        null array (or omitted property) will use the\r\n\
        Preferred method for the total amount.\r\n\
        \r\n\
        Each object of the array may contain properties:\r\n\
        \r\n\
        | Property | Description |\r\n\
        | --- | --- |\r\n\
        | PaymentAmount | The maximum amount to be attempted for this PaymentMethod. \
        When null or omitted, the remaining PaymentAmount will be attempted. |\r\n\
        | **Use only one of the following three** | **UsePreferred** or **AcctToken** \
        or **ProfileToken [DoNotUpdatePaymentTypePreference]** |\r\n\
        | UsePreferred | Set to `true` to use the Preferred method, otherwise omit the \
        value or set to `null` or `false` |\r\n\
        | AcctToken | The AcctToken to attempt payment |\r\n\
        | ProfileToken | When provided, a PaymentMethod will be created (this will \
        prevent the requirement to call `/sales/paymentprofile/import`) |\r\n\
        | DoNotUpdatePaymentTypePreference | [Optional] When creating a PaymentMethod \
        (ProfileToken), it is set as the preferred method. To not create as preferred, \
        set `DoNotUpdatePaymentTypePreference` to `true`. (for more information, see \
        `/sales/paymentprofile/import`) |\r\n\
        | | |\r\n\
        \r\n\
        Only one of `UsePreferred`, `AcctToken`, `ProfileToken` or is needed. \
        `DoNotUpdatePaymentTypePreference` is optional\r\n\
        and only valid with `ProfileToken`.\r\n\
        \r\n\
        * Scenario #1: Sell $3 contract using an existing PaymentMethod (i.e. \
        AcctToken) for $1 and the Preferred method for $2.\r\n\
        \r\n\
        JSON:\r\n\
        ```json\r\n\
        {\r\n\
        \x20...\r\n\
        \x20\"PaymentAmount\": 3.00,\r\n\
        \x20\"PaymentMethods\": [\r\n\
        \x20{\r\n\
        \x20\"PaymentAmount\": \"1.00\",\r\n\
        \x20\"AcctToken\": \"eyJ...\"\r\n\
        \x20},\r\n\
        \x20{\r\n\
        \x20\"PaymentAmount\": \"2.00\",\r\n\
        \x20\"UsePreferred\": true\r\n\
        \x20}\r\n\
        \x20]\r\n\
        }\r\n\
        ```\r\n\
        JSV:\r\n\
        ```\r\n\
        ...,PaymentAmount:3.00,PaymentMethods:[{PaymentAmount:1.00,AcctToken:eyJ..\
        .NdQ},{PaymentAmount:2.00,UsePreferred:true}]\r\n\
        ```\r\n\
        \r\n\
        * Scenario #2: Sell $3 contract using a new PaymentMethod (i.e. ProfileToken) \
        for $1 and the Preferred method for the remaining.\r\n\
        Note, the sum of the PaymentMethod's PaymentAmount ($4) is greater than the \
        agreement amount ($3). PaymentAmount is the maximum amount.\r\n\
        This allows the first PaymentMethod to decline or partially approve (common \
        with gift cards). Therefore, if the first PaymentMethod approves\r\n\
        for $0.75, the second will be attempted for $2.25.\r\n\
        \r\n\
        JSON:\r\n\
        ```json\r\n\
        { \r\n\
        \x20...\r\n\
        \x20\"PaymentAmount\": 3.00,\r\n\
        \x20\"PaymentMethods\": [\r\n\
        \x20{\r\n\
        \x20\"PaymentAmount\": \"1.00\",\r\n\
        \x20\"ProfileToken\": \"eyJ...\"\r\n\
        \x20},\r\n\
        \x20{\r\n\
        \x20\"PaymentAmount\": \"3.00\",\r\n\
        \x20\"UsePreferred\": true\r\n\
        \x20}\r\n\
        \x20]\r\n\
        }\r\n\
        ```\r\n\
        JSV:\r\n\
        ```jsv\r\n\
        ...,PaymentAmount:3.00,PaymentMethods:[{PaymentAmount:1.00,ProfileToken:ey\
        j...NdQ},{PaymentAmount:3.00,UsePreferred:true}]\r\n\
        ```\r\n\
        \r\n\
        Notes: \r\n\
        \r\n\
        * AcctTokens should not be parsed or persisted in the client application. They \
        are currently json\r\n\
        based, but can be updated without notice.\r\n\
        \r\n\
        * ProfileToken is used to create a PaymentMethod in the ClubReady system. For \
        more information, \r\n\
        see `/sales/paymentprofile/import`.\r\n\
        \r\n\
        * If `PaymentMethods` is missing or `null`, the Preferred method will be used.\r\n\
        \r\n\
        * If a `PaymentMethods` `PaymentAmount` is not specified, the remaining amount \
        will be attempted.\r\n\
        \r\n\
        * If a PaymentMethod is partially approved (common for gift cards), the \
        PaymentMethod with an\r\n\
        unspecified PaymentAmount will be charged the remaining amount, including the \
        unapproved amount not.\r\n\
        \r\n\
        * When testing with this website, the PaymentMethods textbox needs JSV and only \
        the square brackets and contents\r\n\
        (e.g. `[{PaymentAmount:1.00,UsePreferred:true}]`).")]
    pub payment_methods: Option<Vec<PaymentMethodDto>>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `restricted_id`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// One method to take money by (`payments.md §4`).
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PaymentMethodDto {
    /// Token of a method on file.
    pub acct_token: Option<SecretText>,
    /// Token of a new method, which the sale puts on file.
    pub profile_token: Option<SecretText>,
    /// Id of a method on file.
    pub payment_profile_id: Option<String>,
    /// The most to take by this method; null is whatever remains.
    pub payment_amount: Option<Decimal>,
    /// Use the member's preferred method.
    pub use_preferred: Option<bool>,
    /// Leave the preference as it is when a new method is put on file.
    pub do_not_update_payment_type_preference: Option<bool>,
}

/// What an API key may be narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub enum RestrictedResourceType {
    /// One store.
    Store,
    /// One chain.
    Chain,
    /// One member.
    User,
    /// No narrowing.
    #[default]
    Undefined,
}

/// The answer to [`ContractSoldEndpoint`].
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ContractSoldResponse {
    /// Id of the contract, once sold or under review.
    #[dto(name = "ContractSaleID")]
    pub contract_sale_id: Option<String>,
    /// What was sold, or a stable code, a colon and a sentence. Lower case in the contract.
    #[dto(name = "description")]
    pub description: Option<String>,
    /// True only when the sale is fully covered.
    pub success: bool,
    /// One row for each method that was tried, in order.
    #[dto(interface)]
    pub payment_responses: Option<Vec<PendingPaymentResponse>>,
}

/// What became of one payment method.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PendingPaymentResponse {
    /// Our id of the attempt.
    pub response_transaction_id: Option<String>,
    /// The gateway's id.
    pub response_txn_id: Option<String>,
    /// The outcome.
    pub response_status: ResponseStatus,
    /// What was approved, in major units.
    pub response_amount: Decimal,
    /// The outcome in words.
    pub response_text: Option<String>,
    /// Last four digits of card or account.
    pub last4: Option<String>,
    /// `CC`, `CHK` or `GC`.
    pub acct_class: Option<String>,
    /// Brand of the card.
    pub acct_type: Option<String>,
    /// Current token of the method; may differ from the one sent.
    pub acct_token: Option<String>,
}

/// Outcome of a payment method. The name is also that of the framework's error DTO, which is why
/// types are keyed by host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub enum ResponseStatus {
    /// Not known.
    #[default]
    #[dto(value = 0)]
    StsUnknown,
    /// Approved.
    #[dto(value = 1)]
    StsSuccess,
    /// Declined; another try may succeed.
    #[dto(value = 2)]
    StsDecline,
    /// Not carried out.
    #[dto(value = 3)]
    StsError,
    /// Declined for good: the account.
    #[dto(value = 4)]
    HardDeclineAccount,
    /// Declined for good: the card has expired.
    #[dto(value = 5)]
    HardDeclineExpiry,
    /// Less than asked for was approved.
    #[dto(value = 11)]
    PartialApproval,
    /// Approved, settlement is open.
    #[dto(value = 12)]
    PendingSuccess,
}
