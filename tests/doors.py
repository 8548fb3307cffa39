"""Who may enter which page: every named address of the site, room by room.

A new view needs its name here, behind its door, or ``test_doors`` fails. The doors:

``everybody``   whoever comes, with or without an account
``member``      visitors are led to the sign-in; everybody with an account may enter
``own``         the same, and what is not one's own is not there (404)
``token``       whoever holds the link; without it there is nothing (404)
anything else   a line of ``roles.MAY``: those who may not get 404, whatever they ask, and the view has a guard
"""

DOORS: dict[str, dict[str, str]] = {
    "base": {"everybody": "robots text-mining"},
    "accounts": {
        "everybody": """account_login account_logout account_signup account_inactive account_email_verification_sent
            account_reset_password account_reset_password_done account_reset_password_from_key
            account_reset_password_from_key_done account_return mfa_authenticate mfa_login_webauthn""",
        "token": "sign_in_once invitation account_return_link",
        "member": """account account_name account_email account_change_password account_set_password account_mail
            account_sessions account_everything account_invitations account_leave account_reauthenticate
            mfa_index mfa_reauthenticate mfa_activate_totp mfa_generate_recovery_codes mfa_list_webauthn
            mfa_add_webauthn mfa_reauthenticate_webauthn""",
        "own": """account_withdraw account_parcel mfa_deactivate_totp mfa_view_recovery_codes mfa_edit_webauthn
            mfa_remove_webauthn""",
        "decide who may join": "desk-joining",
        "see accounts": "desk-accounts desk-account desk-account-act",
    },
    "works": {"everybody": "picture sitemap sitemap-part sitemap-names"},
    "reading": {
        "everybody": """home newest updated titles titles-under authors authors-under person all-series series
            series-under browse tags tags-under tag random search search-names suggest opensearch download work-short
            work chapter whole contents plain print saved saved-copy saved-page saved-bytes news news-item page""",
        "member": "saved-searches never reading-log reading-log-csv",
        "own": "favourite-tag saved-search saved-search-new saved-search-edit saved-search-delete never-ask never-undo",
    },
    "feeds": {"everybody": "feed", "token": "saved-feed digest-off"},
    "claims": {
        "everybody": "claim claim-person",
        "token": "claim-letter claim-never",
        "member": "my-works",
        "own": "my-work my-name claim-words",
        "work at the desk": "desk-claims desk-claim desk-letters desk-letter desk-bounces desk-never desk-opening",
    },
    "talk": {
        "everybody": "kudos comments comment comment-answer shelves-of shelf",
        "member": "my-comments waiting-comments blocked-people my-shelves keep",
        "own": "comment-edit comment-delete comment-settle comment-block kept shelf-edit",
    },
    "curating": {
        "own": "write-submission write-suggestion",
        "work at the desk": """desk-submissions desk-submission-rules desk-submission desk-submission-reading
            desk-suggest desk-suggest-chapter desk-suggestion desk-invite-writer desk-withdraw-writer""",
    },
    "interviews": {
        "everybody": "interviews",
        "member": "write-interviews",
        "own": "write-interview write-interview-preview",
        "work at the desk": "desk-interviews desk-questionnaire desk-interview",
    },
    "writing": {
        "member": """writing write-new write-token write-convert write-paste write-ties gifts write-together pen-names
            new-pen-name write-bring""",
        "token": "read-draft",
        "own": """write-draft write-first-readers pen-name write-series write-brought write-answer write-work
            write-preview write-publish write-schedule write-withdraw write-trash write-return write-forget write-people
            write-leave write-add-chapter write-order write-chapter write-preview-chapter write-publish-chapter
            write-schedule-chapter write-withdraw-chapter write-trash-chapter write-return-chapter write-history
            write-restore write-name-revision write-conflicts write-copy write-sweep""",
    },
    "statistics": {"member": "statistics statistics-csv", "own": "statistics-work"},
    "wrangling": {
        "everybody": "suggest-tags",
        "wrangle tags": """wrangling wrangling-tags wrangling-tag wrangling-effect wrangling-do wrangling-alike
            wrangling-look wrangling-decide wrangling-log wrangling-undo wrangling-redo wrangling-list
            wrangling-preview wrangling-take-in wrangling-out wrangling-long-list wrangling-progress
            wrangling-left-out wrangling-turning wrangling-turning-progress""",
    },
    "archive": {
        "work at the desk": """desk-archive desk-texts desk-new-text desk-text desk-remove-text desk-kinds desk-new-kind
            desk-preset""",
    },
    "desk": {
        "work at the desk": """desk desk-bring desk-upload desk-start desk-progress desk-findings desk-one desk-settle
            desk-works desk-work desk-correct desk-visibility desk-approve
            desk-approve-many desk-chapter desk-correct-chapter desk-steps
            desk-choose desk-teach desk-taught desk-people desk-say-people desk-copies desk-both desk-say-works
            desk-look desk-log desk-undo desk-rescue desk-preview
            desk-open-to desk-report desk-unfound""",
    },
}


def listed() -> dict[str, str]:
    """Return the door of every name."""
    return {name: door for room in DOORS.values() for door, names in room.items() for name in names.split()}
