//! What generated sources use of the crate `servicestack`.

/// A request's name and verb.
pub trait IRequest: serde::Serialize {
    const NAME: &'static str;
    const VERB: &'static str = "POST";
}

/// A request that something is returned for.
pub trait IReturn: IRequest {
    type Response: serde::de::DeserializeOwned;
}

/// A request that nothing is returned for.
pub trait IReturnVoid: IRequest {}

macro_rules! types {
    ($($name:ident)*) => {$(
        #[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq, Default)]
        pub struct $name {}
    )*};
}

types! { ResponseError ResponseStatus UserApiKey }
