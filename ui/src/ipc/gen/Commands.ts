// Generated from crates/client/src/ipc/ by `cargo xtask gen`. Do not edit.

import type { AbsenceList } from "./AbsenceList";
import type { AbsenceRef } from "./AbsenceRef";
import type { AbsenceView } from "./AbsenceView";
import type { ActArgs } from "./ActArgs";
import type { ActOutcome } from "./ActOutcome";
import type { AlertBoard } from "./AlertBoard";
import type { AlertRef } from "./AlertRef";
import type { AlertRefs } from "./AlertRefs";
import type { Boot } from "./Boot";
import type { CallbackFigures } from "./CallbackFigures";
import type { CaseDetail } from "./CaseDetail";
import type { CaseList } from "./CaseList";
import type { CaseListArgs } from "./CaseListArgs";
import type { CaseRef } from "./CaseRef";
import type { CheckServer } from "./CheckServer";
import type { DirectoryFile } from "./DirectoryFile";
import type { DirectoryPreview } from "./DirectoryPreview";
import type { DirectoryQuery } from "./DirectoryQuery";
import type { DirectoryVersion } from "./DirectoryVersion";
import type { DirectoryVersions } from "./DirectoryVersions";
import type { DirectoryView } from "./DirectoryView";
import type { DraftSaved } from "./DraftSaved";
import type { DraftView } from "./DraftView";
import type { EnterAbsenceArgs } from "./EnterAbsenceArgs";
import type { KeyringState } from "./KeyringState";
import type { LocalRecords } from "./LocalRecords";
import type { Me } from "./Me";
import type { NameTimer } from "./NameTimer";
import type { Nothing } from "./Nothing";
import type { OpenReport } from "./OpenReport";
import type { OpenWorkbench } from "./OpenWorkbench";
import type { RecordRef } from "./RecordRef";
import type { RevealArgs } from "./RevealArgs";
import type { Revealed } from "./Revealed";
import type { SaveDraft } from "./SaveDraft";
import type { ServerCheck } from "./ServerCheck";
import type { Settings } from "./Settings";
import type { SignInArgs } from "./SignInArgs";
import type { StartTiming } from "./StartTiming";
import type { Submit } from "./Submit";
import type { Submitted } from "./Submitted";
import type { TakeDirectory } from "./TakeDirectory";
import type { TimerView } from "./TimerView";
import type { WindowArgs } from "./WindowArgs";

export interface Commands {
  boot: { args: Nothing; result: Boot };
  painted: { args: WindowArgs; result: Nothing };
  hide_window: { args: WindowArgs; result: Nothing };
  open_workbench: { args: OpenWorkbench; result: Nothing };
  open_report: { args: OpenReport; result: Nothing };
  sign_in: { args: SignInArgs; result: Me };
  sign_out: { args: Nothing; result: Nothing };
  retry_keyring: { args: Nothing; result: KeyringState };
  settings: { args: Nothing; result: Settings };
  save_settings: { args: Settings; result: Settings };
  check_server: { args: CheckServer; result: ServerCheck };
  start_timing: { args: StartTiming; result: TimerView };
  discard_timing: { args: CaseRef; result: Nothing };
  name_timer: { args: NameTimer; result: TimerView };
  open_draft: { args: OpenReport; result: DraftView };
  save_draft: { args: SaveDraft; result: DraftSaved };
  discard_draft: { args: CaseRef; result: Nothing };
  submit: { args: Submit; result: Submitted };
  correct_record: { args: RecordRef; result: DraftView };
  alerts: { args: Nothing; result: AlertBoard };
  alerts_shown: { args: AlertRefs; result: Nothing };
  acknowledge_alert: { args: AlertRef; result: Nothing };
  test_alert: { args: Nothing; result: Nothing };
  cases: { args: CaseListArgs; result: CaseList };
  local_records: { args: Nothing; result: LocalRecords };
  case_detail: { args: CaseRef; result: CaseDetail };
  act: { args: ActArgs; result: ActOutcome };
  reveal: { args: RevealArgs; result: Revealed };
  callback_figures: { args: Nothing; result: CallbackFigures };
  directory: { args: DirectoryQuery; result: DirectoryView };
  preview_directory: { args: DirectoryFile; result: DirectoryPreview };
  take_directory: { args: TakeDirectory; result: DirectoryVersion };
  directory_versions: { args: Nothing; result: DirectoryVersions };
  absences: { args: Nothing; result: AbsenceList };
  enter_absence: { args: EnterAbsenceArgs; result: AbsenceView };
  end_absence: { args: AbsenceRef; result: Nothing };
}

/** Every command, in the order of the contract. */
export const COMMANDS = ["boot", "painted", "hide_window", "open_workbench", "open_report", "sign_in", "sign_out", "retry_keyring", "settings", "save_settings", "check_server", "start_timing", "discard_timing", "name_timer", "open_draft", "save_draft", "discard_draft", "submit", "correct_record", "alerts", "alerts_shown", "acknowledge_alert", "test_alert", "cases", "local_records", "case_detail", "act", "reveal", "callback_figures", "directory", "preview_directory", "take_directory", "directory_versions", "absences", "enter_absence", "end_absence"] as const;

/** The one event channel from core to windows. */
export const EVENT_CHANNEL = "desk";
