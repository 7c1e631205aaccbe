import { useMutation } from "@tanstack/react-query";
import { api } from "./api.ts";
import { tarFiles } from "./tar-files.ts";

interface Uploaded {
  readonly bytes: number;
  /** How many files were packed; absent for an archive. */
  readonly files: number | undefined;
}

/** Uploads an archive as it is, or the files of a directory as one. */
export function useUpload(onUploaded: (uploadId: string) => void) {
  return useMutation({
    mutationFn: async (files: readonly File[]): Promise<Uploaded> => {
      const [first] = files;
      const isArchive = files.length === 1 && first !== undefined && /\.(?:tar|tar\.gz|tgz)$/i.test(first.name);
      const packed = isArchive ? undefined : await tarFiles(files);
      const gzip = packed !== undefined || first?.name.endsWith(".tar") === false;
      const { uploadId, bytes } = await api.upload(packed?.archive ?? first ?? new Blob(), { gzip });
      onUploaded(uploadId);
      return { bytes, files: packed?.count };
    },
  });
}
