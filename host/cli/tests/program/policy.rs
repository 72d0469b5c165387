//! `guardhouse policy`.

use std::{fs, path::Path};

use crate::setup::{run, text};

const ODD: &str = "// heading\n\n@id(\"a\") permit(principal,action,resource); // why\n";
const EVEN: &str = "// heading\n\n@id(\"a\")\npermit (principal, action, resource); // why\n";

#[test]
fn files_are_formatted_once_wherever_they_are_below_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let (outer, inner) = (directory.path().join("a.cedar"), directory.path().join("b/c.cedar"));
    fs::create_dir(directory.path().join("b")).unwrap();
    for path in [&outer, &inner] {
        fs::write(path, ODD).unwrap();
    }
    fs::write(directory.path().join("b/other.txt"), ODD).unwrap();
    let arguments = ["policy", "fmt", directory.path().to_str().unwrap()];
    let done = run(&arguments, "");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert_eq!(text(&done.stdout), format!("formatted {}\nformatted {}\n", outer.display(), inner.display()));
    for path in [&outer, &inner] {
        assert_eq!(fs::read_to_string(path).unwrap(), EVEN);
    }
    assert_eq!(fs::read_to_string(directory.path().join("b/other.txt")).unwrap(), ODD);
    let again = run(&arguments, "");
    assert_eq!((again.status.code(), again.stdout.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn a_check_names_the_files_that_would_change_and_writes_none() {
    let directory = tempfile::tempdir().unwrap();
    let (odd, even) = (directory.path().join("odd.cedar"), directory.path().join("even.cedar"));
    fs::write(&odd, ODD).unwrap();
    fs::write(&even, EVEN).unwrap();
    let check = |path: &Path| run(&["policy", "fmt", "--check", path.to_str().unwrap()], "");
    let done = check(directory.path());
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert_eq!(text(&done.stdout), format!("would change {}\n", odd.display()));
    assert_eq!(fs::read_to_string(&odd).unwrap(), ODD);
    assert_eq!(check(&even).status.code(), Some(0));
}

#[test]
fn nothing_is_written_if_any_file_is_not_cedar() {
    let directory = tempfile::tempdir().unwrap();
    let (odd, broken) = (directory.path().join("odd.cedar"), directory.path().join("broken.cedar"));
    fs::write(&odd, ODD).unwrap();
    fs::write(&broken, "permit (principal, action, resource)\nwhen { };").unwrap();
    let done = run(&["policy", "fmt", directory.path().to_str().unwrap(), "no-such-file"], "");
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    let error = text(&done.stderr);
    for part in ["2 files that cannot", "broken.cedar:2:", "no-such-file"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    assert_eq!(fs::read_to_string(&odd).unwrap(), ODD);
}

#[test]
fn a_check_of_nothing_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let done = run(&["policy", "fmt", "--check", directory.path().to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(2), "{done:?}");
}

#[test]
fn the_policies_of_this_repository_are_formatted() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let done = run(&["policy", "fmt", "--check", policies.to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(0), "run `guardhouse policy fmt policies`: {done:?}");
}
