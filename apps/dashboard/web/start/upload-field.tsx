import { formatBytes, formatCount, safeName } from "@glovebox/core/text";
import { FolderUp, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "../base/button.tsx";
import { Notice } from "../base/notice.tsx";
import { useUpload } from "../data/uploads.ts";

interface UploadFieldProps {
  readonly uploadId: string;
  readonly onUploaded: (uploadId: string) => void;
}

/** Takes a directory or an archive, by a button or dropped, and uploads it at once. */
export function UploadField({ uploadId, onUploaded }: UploadFieldProps) {
  const upload = useUpload(onUploaded);
  const [name, setName] = useState("");
  const [isOver, setOver] = useState(false);
  const send = (files: readonly File[]): void => {
    const [first] = files;
    if (first === undefined) return;
    setName(first.webkitRelativePath.split("/")[0] || first.name);
    onUploaded("");
    upload.mutate(files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the buttons do the same
    <div
      className="drop"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        send([...event.dataTransfer.files]);
      }}
    >
      <div className="row">
        <Picker text="Choose a directory" icon={<FolderUp />} isDirectory onPick={send} />
        <Picker text="Choose an archive" icon={<Upload />} onPick={send} />
      </div>
      <p className="field__hint">
        A directory is packed in your browser, without `.git` and `node_modules`. An archive is a .tar or .tar.gz, which
        you can also drop here.
      </p>
      {upload.isPending ? <p role="status">Uploading {safeName(name, 60)}…</p> : null}
      {upload.error === null ? null : <Notice tone="red">{upload.error.message}</Notice>}
      {upload.data !== undefined && uploadId !== "" ? (
        <Notice tone="green">
          {safeName(name, 60)} is uploaded:{" "}
          {upload.data.files === undefined ? "" : `${formatCount(upload.data.files, "file")}, `}
          {formatBytes(upload.data.bytes)}
        </Notice>
      ) : null}
    </div>
  );
}

interface PickerProps {
  readonly text: string;
  readonly icon: React.ReactNode;
  readonly isDirectory?: boolean;
  readonly onPick: (files: readonly File[]) => void;
}

function Picker({ text, icon, isDirectory = false, onPick }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={text}
        {...(isDirectory ? { webkitdirectory: "" } : { accept: ".tar,.gz,.tgz" })}
        onChange={(event) => onPick([...(event.target.files ?? [])])}
      />
      <Button icon={icon} onClick={() => input.current?.click()}>
        {text}
      </Button>
    </>
  );
}
