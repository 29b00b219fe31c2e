//! Answers that are files: bytes as they are, whatever format was asked for.

use crate::matched::Matched;
use crate::reply::Reply;
use crate::status::ServiceError;

/// A file as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its media type, one of those that the operation declares
    /// ([`crate::operation::Operation::files`]).
    pub content_type: &'static str,
    /// Its name, for those who keep it: ASCII letters, digits, dots and hyphens.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Matched<'_, '_> {
    /// The answer of an operation that returns files. Its errors are written as everywhere
    /// ([`Matched::fail`]). A batch makes one document of its answers, in which a file has no
    /// place.
    pub fn file(&self, file: File) -> Reply {
        if self.exchange().batch_index.is_some() {
            let message = "Files are not answered in a batch; ask for one at a time";
            return self.fail(&ServiceError::not_implemented(message));
        }
        if self.one_way {
            return self.no_content();
        }
        debug_assert!(self.operation.files.contains(&file.content_type), "{}", file.content_type);
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
        let name: String = file.name.chars().filter(|letter| plain(*letter)).collect();
        let reply = Reply::new(200, file.content_type, file.bytes);
        self.dressed(reply.with_header("Content-Disposition", format!("inline; filename={name}")))
    }
}
