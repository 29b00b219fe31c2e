//! Refusals before which something must have happened: each is a story that ends with the request
//! that is refused.

use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use crate::client::{Answer, Request};
use crate::gate::{Refusal, StuckRefunds};
use crate::purchases::Purchase;
use crate::shop::{Engine, Shop, Traces};
use crate::signing::App;
use crate::telephone::Device;
use crate::transfer::season::Season;

/// Which gateway a story needs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Till {
    Usual,
    /// Its gateway takes no charge.
    Refusing,
    /// Its gateway never says what became of a refund.
    Stuck,
}

/// What a refusal leaves behind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaves {
    Nothing,
    /// An attempt that failed: neither places nor money.
    Attempt,
    /// Something that waits for its payer: no money.
    Hold,
}

/// Where a story happens.
pub(crate) struct Scene {
    pub(crate) season: Season,
    pub(crate) app: App,
    /// What is bought, where the story is about buying.
    pub(crate) purchase: Purchase,
}

/// Does what must happen before; answers with the request that is refused.
pub(crate) type Tell = for<'s> fn(&'s Scene) -> Pin<Box<dyn Future<Output = Request> + 's>>;

/// What is wrong, the number and the code of the answer, where, what is left, and the story.
pub(crate) type Story = (&'static str, u64, &'static str, Till, Leaves, Tell);

/// What a refusal may not change: everything; places and money; money.
type Before = (Traces, usize, (u32, u32), Vec<i64>);

impl Scene {
    async fn open(till: Till, purchase: Purchase) -> Scene {
        let shop = Shop::with(Engine::Memory, |sandbox| match till {
            Till::Usual => Arc::new(sandbox),
            Till::Refusing => Arc::new(Refusal::new()),
            Till::Stuck => Arc::new(StuckRefunds::new(sandbox)),
        });
        let season = Season::of(shop.await).await;
        Scene { app: App::new(&season.shop).await, season, purchase }
    }

    pub(crate) fn shop(&self) -> &Shop {
        &self.season.shop
    }

    pub(crate) fn device(&self, name: &'static str) -> Device<'_> {
        Device { shop: self.shop(), app: &self.app, name }
    }

    /// A good request of the Admin for what is bought.
    pub(crate) fn wanted(&self) -> Value {
        self.purchase.paid(self.shop())
    }

    /// A request for what is bought, as the Admin.
    pub(crate) fn by_admin(&self, wanted: &Value) -> Request {
        self.purchase.request(&self.shop().admin, wanted)
    }

    /// A request of the Admin to some operation.
    pub(crate) fn office(&self, path: &str, body: &Value) -> Request {
        Request::post(&format!("/{path}.json")).key(&self.shop().admin).json(body)
    }

    async fn before(&self) -> Before {
        let shop = self.shop();
        let messages = shop.outbox.messages(None).len();
        (shop.traces().await, messages, shop.places("hekla").await, shop.charges())
    }

    async fn assert_left(&self, what: &str, leaves: Leaves, before: Before) {
        let after = self.before().await;
        match leaves {
            Leaves::Nothing => assert_eq!(after, before, "{what}"),
            Leaves::Attempt => assert_eq!((after.2, after.3), (before.2, before.3), "{what}"),
            Leaves::Hold => assert_eq!(after.3, before.3, "{what}"),
        }
    }
}

/// The number and the code of either kind of error.
pub(crate) fn refusal(answer: &Answer) -> (u64, String) {
    let (status, code, _) = answer.error();
    match answer.status {
        200 => crate::telephone::told(answer),
        _ => (u64::from(status), code),
    }
}

/// Tells each story in a shop of its own, about each purchase.
pub(crate) async fn check(purchases: &[Purchase], stories: &[Story]) {
    for purchase in purchases {
        for (what, status, code, till, leaves, tell) in stories {
            let scene = Scene::open(*till, *purchase).await;
            let request = tell(&scene).await;
            let before = scene.before().await;
            let answer = scene.shop().send(&request).await;
            let what = format!("{what}, {purchase:?}");
            let told = refusal(&answer);
            assert_eq!(told, (*status, (*code).to_owned()), "{what}: {}", answer.text());
            scene.assert_left(&what, *leaves, before).await;
        }
    }
}

/// The codes that stories end with.
pub(crate) fn codes(stories: &[Story]) -> Vec<&'static str> {
    stories.iter().map(|story| story.2).collect()
}
